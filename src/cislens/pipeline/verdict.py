"""What a run found, in a sentence and three numbers."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from cislens.pipeline import evaluating, folder, progress

SHOWN = {"auroc": "AUROC", "pearson": "Pearson r", "profile_pearson": "Pearson r of profiles"}
"""Metrics as a reader knows them."""


@dataclass(frozen=True)
class Number:
    """One number of a verdict.

    Attributes
    ----------
    label
        What it is, in a few words.
    value
        The number; None where it is undefined.
    text
        The number as it is shown.
    explanation
        What it means, in a sentence.
    """

    label: str
    value: float | None
    text: str
    explanation: str


@dataclass(frozen=True)
class Verdict:
    """A sentence, three numbers, and what to keep in mind.

    Attributes
    ----------
    sentence
        The finding.
    numbers
        Three numbers.
    notes
        Reasons for and against believing it.
    """

    sentence: str
    numbers: list[Number]
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        rows = [f"  {number.label}: {number.text}" for number in self.numbers]
        return "\n".join([self.sentence, *rows])


@dataclass(frozen=True)
class ModelResult:
    """What the files of one model of a run say.

    Attributes
    ----------
    name
        The model's name.
    score
        Mean of the headline metric over tasks.
    metric
        Name of the headline metric.
    metrics
        Its metrics.csv.
    filters
        Its filters.csv.
    matches
        Its matches.csv.
    recovery
        Its recovery.json, None without planted truth.
    """

    name: str
    score: float
    metric: str
    metrics: pd.DataFrame
    filters: pd.DataFrame
    matches: pd.DataFrame
    recovery: dict[str, Any] | None

    def named(self, e_threshold: float) -> int:
        """Count the filters that match a known motif.

        Parameters
        ----------
        e_threshold
            Largest E-value of a match.

        Returns
        -------
        int
            Number of filters.
        """
        return named_filters(self.matches, e_threshold)


def named_filters(matches: pd.DataFrame, e_threshold: float) -> int:
    """Count the filters that match a known motif.

    Parameters
    ----------
    matches
        Matches of a model's filters.
    e_threshold
        Largest E-value of a match.

    Returns
    -------
    int
        Number of filters.
    """
    return int(matches.loc[matches["e"] <= e_threshold, "query"].nunique())


def results(run: Path) -> list[ModelResult]:
    """Read what the models of a run reached.

    Parameters
    ----------
    run
        A run folder after `evaluate` and `filters`.

    Returns
    -------
    list of ModelResult
        One for each model, in order of name.
    """
    kind = folder.read_json(run / "data.json")["target_kind"]
    metric = evaluating.HEADLINE[kind]
    found = []
    for place in folder.models(run):
        metrics = pd.read_csv(place / "metrics.csv")
        truth = place / "recovery.json"
        found.append(
            ModelResult(
                name=place.name,
                score=float(metrics[metric].mean()),
                metric=metric,
                metrics=metrics,
                filters=pd.read_csv(place / "filters.csv"),
                matches=pd.read_csv(place / "matches.csv"),
                recovery=folder.read_json(truth) if truth.exists() else None,
            )
        )
    return found


def of_run(run: Path, *, e_threshold: float) -> Verdict:
    """Judge a run on a user's data.

    Parameters
    ----------
    run
        A run folder after `evaluate` and `filters`.
    e_threshold
        Largest E-value at which a filter counts as matched.

    Returns
    -------
    Verdict
        The verdict, about the model with most matched filters (of equals, the best score).
    """
    found = results(run)
    best = max(found, key=lambda result: (result.named(e_threshold), result.score))
    total, named = len(best.filters), best.named(e_threshold)
    numbers = [
        Number(
            f"test {SHOWN[best.metric]} ({best.name})",
            best.score,
            f"{best.score:.3f}",
            "Mean over tasks on sequences the network never saw.",
        ),
        Number(
            f"filters that match a known motif ({best.name})",
            named / total,
            f"{named} of {total}",
            f"First-layer filters with a database motif at E ≤ {e_threshold:g}.",
        ),
        _best_match(best, named),
    ]
    return Verdict(_sentence(best, named, total), numbers, notes(run, found, e_threshold))


def _best_match(best: ModelResult, named: int) -> Number:
    explanation = (
        "The database motif most like any filter; q is the share of false matches expected."
    )
    if named == 0:
        return Number("best match", None, "none", explanation)
    row = best.matches.sort_values(["q", "p"]).iloc[0]
    label = row["target_label"] if isinstance(row["target_label"], str) else row["target"]
    return Number("best match", float(row["q"]), f"{label} (q = {row['q']:.1e})", explanation)


def _sentence(best: ModelResult, named: int, total: int) -> str:
    if named == 0:
        return f"No filter of {best.name} matches a known motif; do not read its filters as motifs."
    row = best.matches.sort_values(["q", "p"]).iloc[0]
    label = row["target_label"] if isinstance(row["target_label"], str) else row["target"]
    return (
        f"The network with {best.name} filters learnt {label} most clearly; {named} of its {total} "
        "filters match known motifs."
    )


def notes(run: Path, found: list[ModelResult], e_threshold: float) -> list[str]:
    """List reasons for and against believing a run.

    Parameters
    ----------
    run
        The run folder.
    found
        What its models reached.
    e_threshold
        Largest E-value at which a filter counts as matched.

    Returns
    -------
    list of str
        Sentences.
    """
    said = []
    for result in found:
        dead = int((result.filters["state"] != "ok").sum())
        line = (
            f"{result.name}: {SHOWN[result.metric]} {result.score:.3f}, "
            f"{result.named(e_threshold)} of {len(result.filters)} filters are named: "
            "a known motif explains 40 % of their bits or more"
        )
        line += f", {dead} gave no motif" if dead else ""
        if "strand_agreement" in result.metrics:
            agreement = result.metrics["strand_agreement"].mean()
            line += f"; predictions of the two strands correlate at {agreement:.2f}"
        said.append(line + ".")
        if "nll_mean_profile" in result.metrics:
            said.append(_beside_mean_profile(result))
    path = run / "baseline.json"
    if path.exists():
        baseline = folder.read_json(path)
        scores = [value for value in baseline["gc_content"].values() if value is not None]
        if scores:
            said.append(
                f"GC content alone reaches {SHOWN[baseline['metric']]} "
                f"{sum(scores) / len(scores):.3f} on these sequences: what a network must beat."
            )
    undefined = sum(int(result.metrics[result.metric].isna().sum()) for result in found[:1])
    if undefined:
        said.append(
            f"{progress.counted(undefined, 'task')} with one class in the test split: no score."
        )
    return said


def _beside_mean_profile(result: ModelResult) -> str:
    """Hold a network of profiles against what is alike for every window."""
    mean = result.metrics.mean(numeric_only=True)
    return (
        f"{result.name}: negative log likelihood {mean['nll']:.4g} nats a strand and divergence "
        f"{mean['jsd']:.3f}; the mean profile of the training peaks, what a network must beat, has "
        f"{mean['nll_mean_profile']:.4g} and {mean['jsd_mean_profile']:.3f}."
    )


def write(run: Path, verdict: Verdict) -> None:
    """Write verdict.json.

    Parameters
    ----------
    run
        The run folder.
    verdict
        The verdict.
    """
    folder.write_json(run / "verdict.json", verdict)
