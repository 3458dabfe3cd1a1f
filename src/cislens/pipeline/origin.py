"""The dataset that a run's networks were trained on, found from wherever a verb is started."""

import os
from pathlib import Path
from typing import Any

import yaml

from cislens.errors import UserError
from cislens.pipeline import folder

OPTIONS = ("train.yaml", "run.yaml")
"""Files that say what a run folder was called when it was made."""


def card(run: Path, data: Path) -> dict[str, str]:
    """Note a dataset in the card of a network.

    Parameters
    ----------
    run
        The run folder.
    data
        The dataset (.zarr), as the user named it.

    Returns
    -------
    dict of str to str
        ``data``, as named, and ``data_from_run``, the way there from the run folder.
    """
    way = os.path.relpath(data.resolve(), run.resolve())
    return {"data": str(data), "data_from_run": Path(way).as_posix()}


def find(run: Path) -> Path:
    """Find the dataset of a run folder.

    Parameters
    ----------
    run
        A run folder with trained models.

    Returns
    -------
    Path
        The dataset, by the first of these that exists: the way noted from the run folder; the
        path as it was named at the time, from here and from where the run was made; a dataset
        of that name inside the run folder, should this have been moved.

    Raises
    ------
    UserError
        If it stands at none of these places.
    """
    noted = folder.read_json(folder.models(run)[0] / "card.json")
    places = _places(run, noted)
    found = next((place for place in places if place.exists()), None)
    if found is None:
        looked = " or ".join(str(place) for place in dict.fromkeys(places))
        raise UserError(
            f"{noted['data']}: no such dataset, and the networks of {run} were trained on it "
            f"(looked for at {looked}); say where it is now with --data"
        )
    return found


def _places(run: Path, noted: dict[str, Any]) -> list[Path]:
    named = Path(noted["data"])
    places = [named]
    if "data_from_run" in noted:
        # Normalised as text: the run folder may be a link, the way was noted without links.
        places.insert(0, Path(os.path.normpath(run.resolve() / noted["data_from_run"])))
    if not named.is_absolute() and (start := _start(run)) is not None:
        places.append(start / named)
    return [*places, run / named.name]


def _start(run: Path) -> Path | None:
    """Find the directory that a run was made from, should its name have been relative to it."""
    path = next((run / name for name in OPTIONS if (run / name).exists()), None)
    if path is None:
        return None
    out = Path(yaml.safe_load(path.read_text(encoding="utf-8")).get("out") or "/")
    here = run.resolve()
    if out.is_absolute() or ".." in out.parts or here.parts[-len(out.parts) :] != out.parts:
        return None
    return here.parents[len(out.parts) - 1]
