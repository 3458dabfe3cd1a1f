"""Which maps of the rerun of Tseng et al. 2020 motifs are looked for in, and how."""

import importlib.util
from collections.abc import Iterable
from typing import Any

from cislens.jobs.plan import Piece

MOTIFS = "cislens.benchmarks._tseng_motifs"

ENGINES = {"cislens": "discover", "modisco": "TF-MoDISco"}
"""Name of an engine, and of its method in the records."""

WITHOUT = (
    "TF-MoDISco is not installed (`pip install 'cislens[modisco]'`): motifs are counted by "
    "`cislens discover` alone."
)


def of_trials(trials: Iterable[Piece]) -> Iterable[Piece]:
    """Plan the counts of motifs.

    Parameters
    ----------
    trials
        Trainings.

    Yields
    ------
    Piece
        Of each training one by the engine of cislens, and one by TF-MoDISco where it is installed.
    """
    engines = [name for name in ENGINES if name == "cislens" or has_modisco()]
    for trial in trials:
        (data,) = trial.needs
        options = {
            **{name: trial.options[name] for name in ("labels", "seed", "mapped")},
            **_known(data.options),
        }
        for engine in engines:
            yield Piece(
                f"{MOTIFS}:count",
                {**options, "engine": engine},
                needs=(trial, data),
                label=f"{trial.label} {ENGINES[engine]}",
            )


def has_modisco() -> bool:
    """Say whether TF-MoDISco is installed.

    Returns
    -------
    bool
        Whether modisco-lite can be imported.
    """
    return importlib.util.find_spec("modiscolite") is not None


def _known(data: dict[str, Any]) -> dict[str, Any]:
    """Name the motifs that are there, and the database they are of."""
    if "motifs" in data:
        return {"own": data["motifs"], "database": "jaspar2016", "taxon": "vertebrates"}
    own = data["factors"] if "factors" in data else [data["factor"]]
    return {"own": own, "database": "jaspar2024", "taxon": "fungi"}
