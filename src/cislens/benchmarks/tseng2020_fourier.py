"""Tseng, Shrikumar & Kundaje 2020: Fourier attribution priors, on simulations and yeast.

The claim: a network that is asked for explanations of low frequency predicts as well and points at
motifs better. The published code takes the prior where batch normalisation hides it, on gradients
with a part that no sequence can see, and from the first step; here that way stands beside the
corrected one (gradients of the network as it is used, without that part, after a warm-up), beside
rivals, and beside none. Rerun with ``cislens benchmark run tseng2020``.

References
----------
Tseng, Shrikumar and Kundaje 2020, NeurIPS 33, "Fourier-transform-based attribution priors improve
the interpretability and stability of deep learning models for genomics".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cislens.benchmarks import _tseng_counts, _tseng_figures, _tseng_reb1, _tseng_yeast
from cislens.benchmarks.suite import Benchmark
from cislens.errors import UserError
from cislens.jobs.plan import Piece

LABELS = ("task", "condition", "method")

TRIALS, DATA = "cislens.benchmarks._tseng_trials", _tseng_yeast.DATA

CONDITIONS: dict[str, dict[str, Any]] = {
    "none": {},
    "fourier corrected": {"prior": {"terms": {"fourier": 5.0}, "scale": "gain"}},
    "fourier as published": {
        "prior": {
            "terms": {"fourier": 1.0},
            "scale": "none",
            "warmup_steps": 0,
            "ramp_steps": 0,
            "gauge": "raw",
            "batch_norm": "batch",
            "smoothing": 3,
        }
    },
    "total variation": {"prior": {"terms": {"total-variation": 15.0}, "scale": "gain"}},
    "gini": {"prior": {"terms": {"gini": 15.0}, "scale": "gain"}},
    "l2 of weights": {"l2": 1e-3},
}
"""Options of the fit by name of the condition."""

CLAIM = ("none", "fourier corrected")
"""The conditions that the claim rests on, which have more seeds than the others."""

FIT: dict[str, Any] = {"batch_size": 100, "l2": 0.0, "decay_factor": 1.0}


@dataclass(frozen=True)
class Task:
    """What is simulated.

    Attributes
    ----------
    length
        Length of the sequences, in bp.
    motifs
        Names of the motifs, of which a positive has one to all.
    bound
        How far from the centre a motif may lie, in bp.
    gc
        GC content around the motifs of training sequences, a confounder above .5.
    """

    length: int
    motifs: tuple[str, ...]
    bound: int
    gc: float = 0.5

    @property
    def name(self) -> str:
        """Say it in a word.

        Returns
        -------
        str
            Number of motifs, length, and GC content if there is more than of A and T.
        """
        count = "one motif" if len(self.motifs) == 1 else f"{len(self.motifs)} motifs"
        return f"{count}, {self.length} bp" + (f", GC {self.gc:.2f}" if self.gc != 0.5 else "")


ONE, THREE = ("SPI1",), ("SPI1", "CEBPB", "YY1")


@dataclass(frozen=True)
class Scale:
    """How much is run.

    Attributes
    ----------
    tasks
        What is simulated.
    claim_seeds
        Trainings of each condition of the claim.
    seeds
        Trainings of each other condition, and of tasks after the first.
    yeast_seeds
        Trainings on the yeast factors, with and without the prior.
    sequences
        Training sequences; a fifth as many for validation and for test.
    epochs
        Passes over them.
    width_multiplier
        Width of the network, 1 as published.
    mapped
        Positive test sequences that are explained.
    """

    tasks: tuple[Task, ...]
    claim_seeds: int
    seeds: int
    yeast_seeds: int
    sequences: int
    epochs: int
    width_multiplier: float
    mapped: int


SCALES = {
    "smoke": Scale((Task(200, ONE, 75),), 2, 1, 1, 200, 2, 0.1, 8),
    "core": Scale((Task(200, ONE, 75), Task(200, THREE, 75)), 5, 2, 3, 5000, 20, 0.375, 200),
    "full": Scale(
        (
            Task(200, ONE, 75),
            Task(200, THREE, 75),
            Task(1000, THREE, 100),
            *(Task(1000, ONE, 100, gc) for gc in (0.5, 0.51, 0.52, 0.53, 0.54)),
        ),
        5,
        5,
        3,
        20000,
        20,
        1.0,
        500,
    ),
}
"""Scales by name."""


def plan(scale: str, *, files: Mapping[str, str]) -> Benchmark:
    """Plan the benchmark.

    Parameters
    ----------
    scale
        A key of `SCALES`.
    files
        Paths of data that do not come with the package: "genome", of yeast (R64, FASTA), and
        "peaks", a folder of peak files of its factors, such as Reb1_CX.bed; with these also
        "tags_plus" and "tags_minus", 5' ends of the tags of Reb1 on the two strands (bigWig or
        bedGraph). Without any, everything is simulated; without tags, no profiles are trained on.

    Returns
    -------
    Benchmark
        All of seed 0 first, then seed 1, and so on; then yeast, comparisons and motifs.

    Raises
    ------
    UserError
        If a file is not there, or one that belongs to another is not given.
    """
    size = SCALES[scale]
    trials = [trial for seed in range(size.claim_seeds) for trial in _of_seed(size, seed)]
    if files:
        _check(files)
        trials += [*_of_yeast(size, files), *_tseng_reb1.trainings(scale, files)]
    return Benchmark(
        name="tseng2020",
        title="Fourier attribution priors, Tseng et al. 2020",
        reference="Tseng, Shrikumar and Kundaje 2020, NeurIPS 33",
        labels=LABELS,
        pieces=(*trials, *_stabilities(trials), *_tseng_counts.of_trials(trials)),
        figures=_tseng_figures.FIGURES,
        notes=_tseng_figures.notes(),
    )


def _check(files: Mapping[str, str]) -> None:
    wanted = set(_tseng_yeast.FILES), {*_tseng_yeast.FILES, *_tseng_reb1.TAGS}
    if set(files) not in wanted:
        raise UserError(
            f"files={sorted(files)}: wants genome and peaks, and tags_plus and tags_minus with "
            "them, or none"
        )


def _of_seed(size: Scale, seed: int) -> Iterable[Piece]:
    for place, task in enumerate(size.tasks):
        for condition in CONDITIONS:
            many = condition in CLAIM and place == 0
            if seed < (size.claim_seeds if many else size.seeds):
                yield _trial(size, task, condition, seed)


def _of_yeast(size: Scale, files: Mapping[str, str]) -> Iterable[Piece]:
    """Plan the trainings on the yeast genome, with and without the prior."""
    data = _tseng_yeast.data(files)
    for seed in range(size.yeast_seeds):
        for condition in CLAIM:
            yield _training(
                size, _tseng_yeast.NAME, data, condition, seed, further=_tseng_yeast.FIT
            )


def _trial(size: Scale, task: Task, condition: str, seed: int) -> Piece:
    simulated = {
        "length": task.length,
        "motifs": list(task.motifs),
        "bound": task.bound,
        "gc": task.gc,
        "sequences": size.sequences,
    }
    data = Piece(f"{DATA}:simulate", simulated, label=f"{_word(task.name)} data")
    return _training(size, task.name, data, condition, seed)


def _training(
    size: Scale,
    task: str,
    data: Piece,
    condition: str,
    seed: int,
    *,
    further: Mapping[str, Any] = MappingProxyType({}),
) -> Piece:
    fit = _shortened(CONDITIONS[condition], size)
    options = {
        "labels": {"task": task, "condition": condition},
        "seed": seed,
        "width_multiplier": size.width_multiplier,
        "mapped": size.mapped,
        "fit": {**FIT, "epochs": size.epochs, **further, **fit},
    }
    label = f"{_word(task)} {_word(condition)} seed{seed}"
    return Piece(f"{TRIALS}:train", options, needs=(data,), label=label)


def _shortened(fit: dict[str, Any], size: Scale) -> dict[str, Any]:
    """Fit the warm-up into a training that has no room for it; none but "smoke" is so short."""
    if "prior" not in fit or size.epochs * size.sequences >= 500 * FIT["batch_size"]:
        return fit
    return {**fit, "prior": {**fit["prior"], "warmup_steps": 0, "ramp_steps": 0}}


def _word(name: str) -> str:
    """Write a name as one word, so that `--only` can ask for it."""
    return name.replace(",", "").replace(" ", "-")


def _stabilities(trials: Iterable[Piece]) -> Iterable[Piece]:
    """Compare the maps of all seeds of a condition."""
    groups: dict[tuple[str, str], list[Piece]] = {}
    for trial in trials:
        labels = trial.options["labels"]
        groups.setdefault((labels["task"], labels["condition"]), []).append(trial)
    for (task, condition), group in groups.items():
        if len(group) > 1:
            yield Piece(
                f"{TRIALS}:compare",
                {"labels": {"task": task, "condition": condition}, "seed": 0},
                needs=tuple(group),
                label=f"{_word(task)} {_word(condition)} stability",
            )
