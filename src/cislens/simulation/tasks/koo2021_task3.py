"""Whether the motifs of a sequence are those of five factors: Task 3 of Koo and Ploenzke 2021."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from cislens.data import dataset
from cislens.sequence import alphabet
from cislens.sequence.pwm import Pwm
from cislens.simulation import background, embed
from cislens.simulation.tasks import _koo2021
from cislens.simulation.tasks._koo2021 import Drawn

CORE = {
    "SP1": "MA0079.3",
    "Gabpa": "MA0062.2",
    "CEBPB": "MA0466.2",
    "MAX": "MA0058.3",
    "YY1": "MA0095.2",
}
"""The factors of positive sequences, in published order, and their JASPAR 2016 motifs."""

# The published program takes 65 motifs from a permutation and keeps the first 50 in the order of a
# Python set, which is written out here so that it cannot change with Python.
LEGACY_OTHERS = tuple(
    (  # noqa: SIM905
        "MA0909.1 MA0004.1 MA0006.1 MA0913.1 MA0663.1 MA0664.1 MA0667.1 MA0668.1 MA0038.1 MA0046.2 "
        "MA0682.1 MA0050.2 MA0057.1 MA0063.1 MA0693.1 MA0697.1 MA0701.1 MA0080.4 MA0083.3 MA0084.1 "
        "MA0724.1 MA0103.2 MA0124.2 MA0749.1 MA0752.1 MA0754.1 MA0142.1 MA0143.3 MA0757.1 MA0763.1 "
        "MA0765.1 MA0160.1 MA0161.1 MA0163.1 MA0164.1 MA0461.2 MA0464.2 MA0786.1 MA0471.1 MA0482.1 "
        "MA0489.1 MA0492.1 MA0498.2 MA0823.1 MA0507.1 MA0830.1 MA0513.1 MA0512.2 MA0838.1 MA0593.1 "
    ).split()
)
"""Motifs that only negatives hold in mode "legacy". Nine look like core motifs, by mistake."""

DISTRACTORS = {
    "TFAP2A": "MA0003.3",
    "NR2F1": "MA0017.2",
    "E2F1": "MA0024.3",
    "Gfi1": "MA0038.1",
    "Hand1::Tcf3": "MA0092.1",
    "Myb": "MA0100.2",
    "Mafb": "MA0117.2",
    "TFCP2": "MA0145.3",
    "EBF1": "MA0154.3",
    "BATF::JUN": "MA0462.1",
    "Bcl6": "MA0463.1",
    "FOXH1": "MA0479.1",
    "HNF4G": "MA0484.1",
    "NRF1": "MA0506.1",
    "Rfx1": "MA0509.1",
    "RUNX2": "MA0511.2",
    "TBX20": "MA0689.1",
    "HSF2": "MA0770.1",
    "NFKB2": "MA0778.1",
    "SMAD3": "MA0795.1",
}
"""Motifs without a meaning in mode "corrected"; they resemble no core motif (Tomtom p > 0.1)."""

LEAST = 3
"""Fewest motifs of a sequence, to which `_koo2021.CHANCES` belong."""

LONE_CORE = 0.3
"""Chance that a negative of mode "corrected" holds one core motif, as in the published data."""

PUBLISHED = {"sequences": 20_000, "length": 200, "seed": 22}
"""The settings whose "legacy" output is the published data set."""


def simulate(
    out: Path,
    *,
    database: Sequence[Pwm],
    sequences: int = 20_000,
    length: int = 200,
    seed: int = 22,
    mode: Literal["legacy", "corrected"] = "legacy",
    overwrite: bool = False,
) -> None:
    """Simulate the task and write it as a dataset.

    Half of the sequences are positive. Three to seven motifs lie in each, on random strands and
    apart from each other, in independent, equally likely bases. 70, 10 and 20 % are for training,
    validation and testing. Every planted site is kept as truth, with the names of the core motifs
    in the provenance.

    Mode "legacy" is the published generator, number by number of numpy's legacy stream: positives
    hold core motifs only, negatives draw from the core and 50 others. With default settings all
    known statistics of the published file are met (1,973 positive test sequences, whose first 500
    are covered by motifs to 21.0 %); the file itself is lost. Nine of the 50 look like core motifs,
    0.06 % of negatives hold core motifs only, and positives have more GC (0.522 against 0.491).

    Mode "corrected" departs so: numpy's PCG64, all arrangements without overlap equally likely;
    positives hold three to seven core motifs and one of `DISTRACTORS`, negatives as many motifs in
    all, of which one is core in 30 % and none in the others. Distractors are weighted so that their
    mean width and GC are those of the core, so the classes agree in both. Rows stand in the order
    drawn.

    Parameters
    ----------
    out
        The dataset to write.
    database
        Motifs of JASPAR 2016 CORE vertebrates, named by identifier ("MA0079.3").
    sequences
        Number of sequences, at least 10.
    length
        Length of each, in bp.
    seed
        Seed of the generator.
    mode
        "legacy" or "corrected".
    overwrite
        Whether to replace a dataset that exists.

    Raises
    ------
    UserError
        If the mode is not known, the database lacks a motif, or the numbers are too small.

    References
    ----------
    Koo and Ploenzke 2021, doi:10.1038/s42256-020-00291-x.
    """
    core = _koo2021.find(database, CORE)
    names = DISTRACTORS if mode == "corrected" else {name: name for name in LEGACY_OTHERS}
    others = _koo2021.find(database, names)
    most = 8 * max(motif.width for motif in [*core, *others])
    _koo2021.check(mode=mode, sequences=sequences, length=length, most=most)
    settings = {"sequences": sequences, "length": length, "seed": seed}
    positive, drawn = (
        _legacy(core, others, settings, permuted=len(database))
        if mode == "legacy"
        else _corrected(core, others, settings)
    )
    with dataset.create(
        out,
        length=length,
        alphabet=alphabet.DNA,
        tasks=("regulatory",),
        target_kind="binary",
        provenance={
            "task": "koo2021_task3",
            "mode": mode,
            **settings,
            "published": mode == "legacy" and settings == PUBLISHED,
            "core": [motif.name for motif in core],
            "accepted_targets": {factor: [name] for factor, name in CORE.items()},
            "reference": _koo2021.REFERENCE,
        },
        overwrite=overwrite,
    ) as writer:
        writer.append(
            drawn.codes,
            positive[:, None].astype(np.float32),
            ids=[f"sequence_{number}" for number in drawn.generated],
            split=_koo2021.split(sequences),
        )
        writer.set_placements(drawn.truth)


def _legacy(
    core: list[Pwm], others: list[Pwm], settings: dict[str, int], *, permuted: int
) -> tuple[np.ndarray, Drawn]:
    """Draw as the published generator did; give which rows are positive, and all of them."""
    sequences, length = settings["sequences"], settings["length"]
    positives = sequences // 2
    rng = np.random.RandomState(settings["seed"])
    # The permutation that chose the other motifs; only its place in the stream matters.
    rng.permutation(permuted)
    stream = _koo2021.join(
        _koo2021.draw(rng, core, (positives, length), least=LEAST),
        _koo2021.draw(rng, [*core, *others], (sequences - positives, length), least=LEAST),
    )
    permutation = rng.permutation(sequences)
    return permutation < positives, _koo2021.write(stream, [*core, *others], permutation)


def _corrected(
    core: list[Pwm], others: list[Pwm], settings: dict[str, int]
) -> tuple[np.ndarray, Drawn]:
    """Draw the design with distractors in both classes."""
    sequences, length = settings["sequences"], settings["length"]
    rng = np.random.default_rng(settings["seed"])
    codes = background.sample(background.with_gc(0.5), sequences=sequences, length=length, rng=rng)
    positive = rng.permutation(sequences) < sequences // 2
    meant = LEAST + rng.choice(len(_koo2021.CHANCES), size=sequences, p=_koo2021.CHANCES)
    n_core = np.where(positive, meant, rng.random(sequences) < LONE_CORE)
    most = LEAST + len(_koo2021.CHANCES)
    weights = matched_weights(core, others)
    chosen = len(core) + rng.choice(len(others), size=(sequences, most), p=weights)
    order = rng.permuted(np.tile(np.arange(most), (sequences, 1)), axis=1)
    # Ranks among the places that are used, so that core motifs fall on any of them.
    used = np.arange(most) < (meant + 1)[:, None]
    rank = np.where(used, order, most).argsort(axis=1).argsort(axis=1)
    is_core = used & (rank < n_core[:, None])
    drawn_core = rng.integers(len(core), size=chosen.shape)
    chosen = np.where(is_core, drawn_core, np.where(used, chosen, -1))
    planted, truth = embed.plant_chosen(
        codes, [*core, *others], chosen, layout=embed.Layout(), rng=rng
    )
    return positive, Drawn(planted, truth, np.arange(sequences))


def matched_weights(core: Sequence[Pwm], others: Sequence[Pwm]) -> np.ndarray:
    """Weigh motifs so that their mean width and mean GC bases are those of the core.

    Of all such weights these are the most even ones (those of greatest entropy).

    Parameters
    ----------
    core
        Motifs that are drawn alike.
    others
        Motifs to weigh; their widths and GC must lie on both sides of the core's means.

    Returns
    -------
    ndarray
        Weights that sum to 1.
    """
    facts = np.array([_facts(motif) for motif in others]) - np.mean(
        [_facts(motif) for motif in core], axis=0
    )
    tilt = np.zeros(2)
    for _ in range(50):
        # Newton steps on the logarithm of the partition function, which is convex.
        weights = np.exp(facts @ tilt)
        weights /= weights.sum()
        mean = weights @ facts
        spread = (facts * weights[:, None]).T @ facts - np.outer(mean, mean)
        tilt = tilt - np.linalg.solve(spread, mean)
    return np.asarray(weights)


def _facts(motif: Pwm) -> tuple[float, float]:
    return float(motif.width), float(motif.probabilities[1:3].sum())
