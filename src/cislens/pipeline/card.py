"""The data card of a run."""

from pathlib import Path

from cislens.data import card, dataset
from cislens.pipeline import folder, progress


def write(out: Path, data: Path, *, name: str = "") -> None:
    """Write data.json unless the run has it.

    Parameters
    ----------
    out
        The run folder.
    data
        The dataset (.zarr).
    name
        Title of the run; the dataset's name where it is empty.
    """
    path = out / "data.json"
    if not path.exists():
        summary = card.summary(dataset.open(data))
        folder.write_json(path, {**summary, "name": name or summary["name"]})


def describe(path: Path) -> str:
    """Say what a dataset holds.

    Parameters
    ----------
    path
        A dataset (.zarr).

    Returns
    -------
    str
        One line.
    """
    stored = dataset.open(path)
    kind = stored.target_kind
    sizes = ", ".join(f"{len(stored.view(split))} {split}" for split in dataset.SPLITS)
    tasks = progress.counted(len(stored.tasks), "task")
    return (
        f"{path}: {len(stored)} sequences of {stored.length} bp, {tasks} ({sizes}), {kind} targets"
    )
