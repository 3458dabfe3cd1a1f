"""The profile half of the rerun of Tseng et al. 2020: tags of Reb1 on yeast, and their data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cislens.benchmarks import _digests, _tseng_yeast
from cislens.jobs.plan import Piece

PROFILES = "cislens.benchmarks._tseng_profiles"

FACTOR = "Reb1"

NAME = f"{FACTOR} profiles"

TAGS = ("tags_plus", "tags_minus")
"""Names of the files of its tags, by strand."""

WINDOWS = {"positions": 200, "context": 546, "jitter": 50, "background": 1.0, "at_most": 1.0}
"""The tags are few fragments sequenced many times over, so that a position counts once."""

CONDITIONS: dict[str, dict[str, Any]] = {
    "none": {},
    "fourier corrected": {"terms": {"fourier": 2.0}, "scale": "gain"},
    "fourier as published": {
        "terms": {"fourier": 50.0},
        "scale": "none",
        "warmup_steps": 0,
        "ramp_steps": 0,
        "target": "centred-squared",
        "gauge": "raw",
        "batch_norm": "batch",
        "smoothing": 3,
    },
}
"""Priors by name of the condition."""

FIT: dict[str, Any] = {
    "batch_size": 32,
    "learning_rate": 3e-3,
    "l2": 0.0,
    "decay_factor": 1.0,
    "reverse_complement": 0.5,
    "counts_weight": 5.0,
    "monitor": "validation_profile_loss",
}


@dataclass(frozen=True)
class Extent:
    """How much is run of the profiles.

    Attributes
    ----------
    seeds
        Trainings without a prior and with the corrected one; as published there is one.
    epochs
        Passes over the windows.
    width_multiplier
        Width of the network, 1 as published.
    mapped
        Test peaks that are explained, at most.
    """

    seeds: int
    epochs: int
    width_multiplier: float
    mapped: int


EXTENTS = {
    "smoke": Extent(1, 2, 0.05, 8),
    "core": Extent(3, 30, 0.25, 200),
    "full": Extent(5, 50, 1.0, 500),
}
"""By name of the scale."""


def trainings(scale: str, files: Mapping[str, str]) -> Iterable[Piece]:
    """Plan the trainings.

    Parameters
    ----------
    scale
        A key of `EXTENTS`.
    files
        As for `data`; without the tags there is nothing to do.

    Yields
    ------
    Piece
        Seed by seed.

    Raises
    ------
    UserError
        If a file is not there.
    """
    if not set(TAGS) <= set(files):
        return
    extent, windows = EXTENTS[scale], data(files)
    for seed in range(extent.seeds):
        for condition in CONDITIONS:
            if seed == 0 or condition != "fourier as published":
                yield _training(scale, windows, condition, seed)


def _training(scale: str, windows: Piece, condition: str, seed: int) -> Piece:
    extent, prior = EXTENTS[scale], CONDITIONS[condition]
    if prior and scale == "smoke":
        # So short a training has no room for a warm-up.
        prior = {**prior, "warmup_steps": 0, "ramp_steps": 0}
    fit = {**FIT, "epochs": extent.epochs, **({"prior": prior} if prior else {})}
    options = {
        "labels": {"task": NAME, "condition": condition},
        "seed": seed,
        "width_multiplier": extent.width_multiplier,
        "mapped": extent.mapped,
        "fit": fit,
    }
    words = (NAME.replace(" ", "-"), condition.replace(" ", "-"), f"seed{seed}")
    return Piece(f"{PROFILES}:train", options, needs=(windows,), label=" ".join(words))


def data(files: Mapping[str, str]) -> Piece:
    """Plan the dataset.

    Parameters
    ----------
    files
        Paths: "genome", a FASTA file; "peaks", a folder with a file for each factor; "tags_plus"
        and "tags_minus", counts of 5' ends on the two strands (bigWig or bedGraph).

    Returns
    -------
    Piece
        Windows at the peaks of the factor, and as many beside them.

    Raises
    ------
    UserError
        If a file is not there.
    """
    peaks = _tseng_yeast.of_factor(Path(files["peaks"]), FACTOR)
    tags = [files[name] for name in TAGS]
    settings = {
        "genome": files["genome"],
        "peaks": str(peaks),
        "tags": tags,
        "factor": FACTOR,
        "windows": WINDOWS,
        "split": _tseng_yeast.CHROMOSOMES,
        "sha256": _digests.of_files(
            [Path(files["genome"]), peaks, *map(Path, tags)], option="files"
        ),
    }
    return Piece(f"{PROFILES}:windows", settings, label="Reb1-profiles data")
