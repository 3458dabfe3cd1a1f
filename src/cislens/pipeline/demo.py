"""The demonstration: planted motifs, ReLU against exponential filters, one verdict."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cislens.motifs.options import FilterOptions
from cislens.pipeline import (
    card,
    folder,
    main_job,
    options,
    progress,
    simulating,
    verbs,
    verdict,
)
from cislens.pipeline.verdict import ModelResult, Number, Verdict
from cislens.training.options import FitOptions

E_THRESHOLD = 0.1


@dataclass(frozen=True)
class Scale:
    """How large the task and the network are.

    Attributes
    ----------
    sequences
        Number of simulated sequences.
    architecture
        Which network.
    epochs
        Most epochs.
    note
        What the report says about the setting.
    """

    sequences: int
    architecture: str
    epochs: int
    note: str


SCALES = {
    "small": Scale(
        10_000,
        "cnn-2",
        40,
        "A smaller setting of Task 1 of Koo & Ploenzke 2021: 10,000 of 30,000 sequences, all 12 "
        "factors, the network CNN-2, at most 40 epochs. `cislens demo --scale full` runs the "
        "published one.",
    ),
    "full": Scale(
        30_000,
        "cnn-deep",
        100,
        "Task 1 of Koo & Ploenzke 2021 as published: 30,000 sequences, 12 factors, CNN-deep.",
    ),
}


def run(chosen: verbs.Demo) -> Verdict:
    """Simulate, train both networks, read their filters and judge.

    Parameters
    ----------
    chosen
        The options of `cislens demo`.

    Returns
    -------
    Verdict
        The verdict.
    """
    scale = SCALES[chosen.scale]
    data = chosen.out / "task1.zarr"
    job = _job(chosen, scale, data)
    folder.claim(chosen.out, job)
    if not data.exists():
        progress.step(f"simulating {scale.sequences:,} sequences with planted motifs")
        simulating.write(verbs.Simulate(task="koo2021_task1", out=data, sequences=scale.sequences))
    progress.step(card.describe(data))
    main_job.analyse(job, data)
    judged = judge(chosen.out, scale.note)
    verdict.write(chosen.out, judged)
    folder.write_environment(chosen.out, seed=chosen.seed)
    return judged


def _job(chosen: verbs.Demo, scale: Scale, data: Path) -> verbs.Run:
    return verbs.Run(
        out=chosen.out,
        data=options.DataOptions(path=data, split=options.SplitOptions(by="given")),
        name="Planted motifs: ReLU against exponential filters",
        model=options.ModelOptions(
            architecture=scale.architecture, activations=["relu", "exponential"]
        ),
        # The published recipe watches this; by the loss, ReLU networks are cut before they learn.
        fit=FitOptions(epochs=scale.epochs, monitor="validation_aupr"),
        filters=FilterOptions(),
        motifs=options.MotifOptions(database=simulating.DATABASE, e_threshold=E_THRESHOLD),
        attribute=options.MapOptions(methods=["saliency", "deeplift_shap", "ism"], top=5),
        seed=chosen.seed,
    )


def judge(run_folder: Path, note: str) -> Verdict:
    """Hold what the two networks learnt against what was planted.

    Parameters
    ----------
    run_folder
        The run folder.
    note
        What the setting was.

    Returns
    -------
    Verdict
        The verdict.
    """
    found = {result.name: result for result in verdict.results(run_folder)}
    exponential, relu = found["exponential"], found["relu"]
    numbers = [
        _matched(exponential),
        _matched(relu),
        Number(
            "test AUROC, exponential (ReLU)",
            exponential.score,
            f"{exponential.score:.3f} ({relu.score:.3f})",
            "Mean over the 12 factors on sequences the networks never saw.",
        ),
    ]
    recovered = len(_recovery(exponential)["recovered"])
    planted = recovered + len(_recovery(exponential)["missed"])
    sentence = (
        f"Exponential filters show {recovered} of {planted} planted motifs, ReLU filters "
        f"{len(_recovery(relu)['recovered'])}, at a test AUROC of {exponential.score:.3f} against "
        f"{relu.score:.3f}."
    )
    said = verdict.notes(run_folder, [exponential, relu], E_THRESHOLD)
    return Verdict(sentence, numbers, [note, *said])


def _recovery(result: ModelResult) -> dict[str, Any]:
    assert result.recovery is not None, "the demo's dataset has planted truth"
    return result.recovery


def _matched(result: ModelResult) -> Number:
    names = _recovery(result)["per_filter"]
    matched = sum(factor is not None for factor in names.values())
    return Number(
        f"{result.name} filters that match a planted motif",
        matched / len(names),
        f"{matched} of {len(names)}",
        f"Tomtom E ≤ {E_THRESHOLD:g} against JASPAR 2016 vertebrates, any accepted motif of a "
        "planted factor.",
    )
