"""Turn the filters of a run's models into motifs, name them, and hold them against the truth."""

from pathlib import Path

import pandas as pd
from torch import nn

from cislens.data import dataset
from cislens.errors import UserError
from cislens.metrics import motif_recovery
from cislens.motifs import aligned, filters, tomtom
from cislens.motifs.filter_motifs import FilterMotifs
from cislens.pipeline import evaluating, folder, importance, motif_names, progress, verdict
from cislens.pipeline.filters_options import Filters
from cislens.sequence import meme
from cislens.sequence.alphabet import RNA, Alphabet
from cislens.sequence.pwm import Pwm


def run(chosen: Filters) -> str:
    """Read the filters of every model of a run.

    Parameters
    ----------
    chosen
        The options of `cislens filters`.

    Returns
    -------
    str
        One line a model, for the user.

    Raises
    ------
    UserError
        If the split is empty, or dataset, model and motif database do not fit each other.
    """
    stored = evaluating.open_data(chosen.run, chosen.data)
    view = stored.view(None if chosen.split == "all" else chosen.split)
    if len(view) == 0:
        raise UserError(f"split={chosen.split}: {stored.path} has no such sequence; choose another")
    known = motif_names.known(chosen.motifs).pwms
    folder.write_options(chosen.run / "filters.yaml", chosen)
    return "\n".join(
        _model(chosen, place, stored, view, known) for place in folder.models(chosen.run)
    )


def _model(
    chosen: Filters,
    place: Path,
    stored: dataset.SequenceDataset,
    view: dataset.SequenceView,
    known: list[Pwm],
) -> str:
    progress.step(f"reading the filters of {place.name} on {len(view)} sequences")
    loaded = evaluating.load(place, stored)
    found = _read(chosen, loaded.model, view)
    folder.write_table(place / "filters.csv", found.table(alphabet=stored.alphabet))
    meme.write(place / "filters.meme", found.pwms, alphabet=stored.alphabet)
    progress.step(
        f"comparing {progress.counted(len(found.pwms), 'motif')} with "
        f"{motif_names.described(len(known), chosen.motifs)}"
    )
    matches = tomtom.match(found.pwms, known, both_strands=stored.alphabet != RNA)
    names = [str(name) for name in found.table()["name"]]
    _write_recovery(place, matches, names, stored, chosen.motifs.e_threshold)
    matches = matches.assign(explained=tomtom.explained(matches, found.pwms, known))
    matches = matches[matches["explained"] >= tomtom.NAMED_FROM]
    kept = matches.groupby("query", sort=False).head(chosen.motifs.matches)
    _write_matches(place, kept, known, stored.alphabet)
    if chosen.importance:
        needed = importance.write(chosen, place, loaded, view)
        importance.agree(place, needed, matches, e_threshold=chosen.motifs.e_threshold)
    named = verdict.named_filters(matches, chosen.motifs.e_threshold)
    return (
        f"{place.name}: {named} of {len(names)} filters match a known motif "
        f"(E ≤ {chosen.motifs.e_threshold:g}){_best(kept[kept['e'] <= chosen.motifs.e_threshold])}"
    )


def _read(chosen: Filters, model: nn.Module, view: dataset.SequenceView) -> FilterMotifs:
    with progress.counter("reading filters") as tell:
        if chosen.align and chosen.layer is not None:
            return aligned.extract(model, view, layer=chosen.layer, progress=tell)
        return filters.extract(
            model, view, layer=chosen.layer, options=chosen.filters, progress=tell
        )


def _write_matches(place: Path, kept: pd.DataFrame, known: list[Pwm], alphabet: Alphabet) -> None:
    folder.write_table(place / "matches.csv", kept)
    named = set(kept["target"])
    meme.write(place / "matched.meme", [p for p in known if p.name in named], alphabet=alphabet)


def _write_recovery(
    place: Path,
    matches: pd.DataFrame,
    names: list[str],
    stored: dataset.SequenceDataset,
    e_threshold: float,
) -> None:
    if stored.placements is None:
        return
    truth = stored.provenance.get("accepted_targets") or motif_recovery.planted(
        stored.placements.motifs
    )
    found = motif_recovery.recover(matches, filters=names, truth=truth, e_threshold=e_threshold)
    folder.write_json(place / "recovery.json", found.to_dict())


def _best(kept: pd.DataFrame) -> str:
    if kept.empty:
        return ""
    row = kept.sort_values(["q", "p"]).iloc[0]
    return f"; best {row['query']} = {row['target']} {row['target_label']} (q {row['q']:.1e})"
