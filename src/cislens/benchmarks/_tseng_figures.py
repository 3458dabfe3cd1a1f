"""Figures of the rerun of Tseng et al. 2020, and what is said beside them."""

from cislens.benchmarks import _tseng_counts
from cislens.benchmarks.suite import Figure

FIGURES = (
    Figure(
        "Motif-base auPRC, DeepSHAP",
        metric="motif-base auPRC",
        across="condition",
        panels="task",
        where={"method": ["DeepSHAP"]},
        caption="Average precision of planted bases, ranked by importance, mean over sequences.",
    ),
    Figure(
        "High-frequency share, DeepSHAP",
        metric="high-frequency share",
        across="condition",
        panels="task",
        where={"method": ["DeepSHAP"]},
        caption="Share of the spectrum with periods below 6.7 bp; lower is smoother.",
    ),
    Figure(
        "Test AUROC",
        metric="test AUROC",
        across="condition",
        panels="task",
        caption="As many positives as negatives.",
    ),
    Figure(
        "Test NLL of profiles",
        metric="test NLL",
        across="condition",
        panels="task",
        caption="Multinomial, in nats a strand, mean over peaks; lower is better.",
    ),
    Figure(
        "Motifs in the maps",
        metric="motifs, own",
        across="condition",
        panels="task",
        where={"method": [*_tseng_counts.ENGINES.values()]},
        caption="Motifs found in maps by DeepSHAP that match one that is there, E below .05.",
    ),
)

NOTES = (
    "The network is that of the paper; a multiplier of its width below 1 makes it narrower.",
    "Weights are those of the best epoch by the loss of the task alone, among the epochs with the "
    "prior at its full weight; the paper's criterion has the prior in it.",
    "DeepSHAP is by the rescale rule, against ten dinucleotide shuffles. The code of the paper "
    "gives gradients less a mean over shuffles under that name.",
    "Of profiles the shape is explained: centred logits weighted by their softmax, both strands. "
    "Sites are those of the motif with a tag within 30 bp.",
)


def notes() -> tuple[str, ...]:
    """Say what differs from the paper, and what is not shown.

    Returns
    -------
    tuple of str
        Sentences.
    """
    return NOTES if _tseng_counts.has_modisco() else (*NOTES, _tseng_counts.WITHOUT)
