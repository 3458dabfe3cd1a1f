"""Predictions of profile networks: totals as a table, or counts along the genome as bigWig."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens import files
from cislens.data import dataset, genome, profiles, track_writing
from cislens.errors import UserError
from cislens.maps import genome as along
from cislens.maps.pile import Pile
from cislens.maps.sequences import Places
from cislens.models import checkpoint
from cislens.models import profiles as predicting
from cislens.models.profiles import Predicted
from cislens.pipeline import evaluating, progress, verbs

BLOCK = 512
"""Windows in memory at once."""


def run(chosen: verbs.Predict, loaded: checkpoint.Checkpoint) -> str:
    """Predict every window of a dataset of profiles.

    Parameters
    ----------
    chosen
        The options of `cislens predict`; the ending of ``out`` tells what is written: ``.bw`` one
        bigWig file a track, anything else a table.
    loaded
        A network of profiles and its recipe.

    Returns
    -------
    str
        What was written, for the user.

    Raises
    ------
    UserError
        If the sequences are no dataset of profiles of the network's kind, or a file is there.
    """
    if not chosen.sequences.is_dir():
        raise UserError(
            f"{chosen.sequences}: a network of profiles predicts windows of a dataset (.zarr) that "
            "`cislens data build` wrote with profile"
        )
    stored = dataset.open(chosen.sequences)
    evaluating.check_fit(stored, loaded.recipe)
    evaluating.check_profile(stored, loaded.recipe)
    write = _bigwigs if chosen.out.suffix in {".bw", ".bigWig"} else _table
    return write(chosen, loaded, stored.view())


def names(out: Path, tasks: tuple[str, ...], strands: int) -> list[Path]:
    """Name the bigWig files of the tracks.

    Parameters
    ----------
    out
        The name that was given, such as ``predicted.bw``.
    tasks
        Names of the tasks.
    strands
        Tracks of a task.

    Returns
    -------
    list of Path
        One a track, such as ``predicted.Reb1.plus.bw``.
    """
    ends = ("",) if strands == 1 else (".plus", ".minus")
    return [
        out.with_name(f"{out.stem}.{task.replace('/', '_')}{end}{out.suffix}")
        for task in tasks
        for end in ends
    ]


def _predicted(
    chosen: verbs.Predict, loaded: checkpoint.Checkpoint, view: dataset.SequenceView
) -> Iterator[tuple[slice, Predicted]]:
    """Predict block by block, of both strands where that is asked for."""
    strands = profiles.layout(view).strands
    with progress.counter("predicting") as tell:
        for start in range(0, len(view), BLOCK):
            rows = slice(start, min(start + BLOCK, len(view)))
            asked = profiles.read(view, rows)
            found = predicting.predict(
                loaded.model, asked.codes, asked.control, batch_size=chosen.batch_size
            )
            if chosen.both_strands:
                other = predicting.predict_other_strand(
                    loaded.model,
                    asked.codes,
                    asked.control,
                    strands=strands,
                    batch_size=chosen.batch_size,
                )
                found = Predicted(*((a + b) / 2 for a, b in zip(found, other, strict=True)))
            yield rows, found
            tell(rows.stop, len(view))


def _table(chosen: verbs.Predict, loaded: checkpoint.Checkpoint, view: dataset.SequenceView) -> str:
    """Write the expected counts of each task, all its strands together."""
    strands = profiles.layout(view).strands
    with files.whole(chosen.out) as temporary, temporary.open("w", encoding="utf-8") as file:
        for rows, found in _predicted(chosen, loaded, view):
            totals = np.expm1(found.log_counts).reshape(len(found.log_counts), -1, strands)
            table = pd.DataFrame(totals.sum(axis=2), columns=list(view.tasks))
            table.insert(0, "id", view.ids[rows])
            table.to_csv(file, sep="\t", index=False, header=rows.start == 0)
    tasks = progress.counted(len(view.tasks), "task")
    return f"{chosen.out}: expected counts of {len(view)} windows, {tasks}"


def _bigwigs(
    chosen: verbs.Predict, loaded: checkpoint.Checkpoint, view: dataset.SequenceView
) -> str:
    """Write expected counts along the genome, averaged where windows overlap."""
    layout = profiles.layout(view)
    places = _places(view)
    sizes = _sizes(chosen, view.dataset, places)
    paths = names(chosen.out, view.tasks, layout.strands)
    for path in paths:
        if path.exists() and not chosen.overwrite:
            raise UserError(f"{path}: exists; give --overwrite true or another --out")
    # On disk, since each file wants one track along the genome, and windows come with all tracks.
    kept = files.temporary(chosen.out)
    try:
        shape = (len(view), len(paths), layout.positions)
        counts = np.lib.format.open_memmap(kept, "w+", np.float32, shape)
        for rows, found in _predicted(chosen, loaded, view):
            counts[rows] = found.counts
        order = np.lexsort((places.start, places.chrom.astype(str)))
        for number, path in enumerate(paths):
            stretches = _stretches(counts[:, number], places, order)
            track_writing.bigwig(path, sizes, stretches, overwrite=chosen.overwrite)
    finally:
        files.remove(kept)
    return "\n".join(str(path) for path in paths)


def _places(view: dataset.SequenceView) -> Places:
    """Say where the profiles lie."""
    table = view.dataset.intervals
    if table is None:
        raise UserError(f"{view.dataset.path}: no window has an interval; bigWig wants them")
    here = table.iloc[view.indices]
    inside = (view.length - profiles.layout(view).positions) // 2
    start, end = (here[name].to_numpy(np.int64) for name in ("start", "end"))
    return Places(here["chrom"].to_numpy(), start + inside, end - inside, here["strand"].to_numpy())


def _sizes(
    chosen: verbs.Predict, stored: dataset.SequenceDataset, places: Places
) -> dict[str, int]:
    """Take the sizes that were given, those of the genome of the dataset, or the last ends."""
    source = Path(str(stored.provenance.get("genome", "")))
    if chosen.chromosome_sizes is None and source.is_file():
        return genome.open(source).sizes
    return along.sizes(places, chosen.chromosome_sizes)


def _stretches(
    counts: NDArray[np.float32], places: Places, order: NDArray[np.int64]
) -> Iterator[track_writing.Stretch]:
    pile = Pile()
    for row in order:
        for found in pile.add(str(places.chrom[row]), int(places.start[row]), counts[row]):
            yield track_writing.Stretch(*found)
    for found in pile.finish():
        yield track_writing.Stretch(*found)
