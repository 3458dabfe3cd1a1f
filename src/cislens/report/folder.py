"""A run folder as the page sees it: every file read and checked once."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cislens.errors import UserError
from cislens.report import files
from cislens.sequence import meme
from cislens.sequence.pwm import Pwm

DATA = {
    "name": files.TEXT,
    "sequences": files.NUMBER,
    "length": files.NUMBER,
    "alphabet": files.TEXT,
    "target_kind": files.TEXT,
    "tasks": files.LIST,
    "splits": files.OBJECT,
    "gc": files.NUMBER,
    "n_fraction": files.NUMBER,
    "prevalence": files.OBJECT,
    "source": files.OBJECT,
}
ENVIRONMENT = {
    "cislens": files.TEXT,
    "python": files.TEXT,
    "torch": files.TEXT,
    "platform": files.TEXT,
    "command": files.TEXT,
    "date": files.TEXT,
    "seconds": files.NUMBER,
    "seed": files.ANY,
}
CARD = {
    "architecture": files.TEXT,
    "activation": files.TEXT,
    "parameters": files.NUMBER,
    "objective": files.TEXT,
    "options": files.OBJECT,
    "epochs": files.NUMBER,
    "best_epoch": files.NUMBER,
    "seconds": files.NUMBER,
    "seed": files.ANY,
    "layer": files.TEXT,
    "first_filters": files.NUMBER,
}
VERDICT = {"sentence": files.TEXT, "numbers": files.LIST, "notes": files.LIST}
VERDICT_NUMBER = {"label": files.TEXT, "text": files.TEXT, "explanation": files.TEXT}
RECOVERY = {"recovered": files.LIST, "missed": files.LIST, "per_filter": files.OBJECT}
BASELINE = {"metric": files.TEXT, "gc_content": files.OBJECT}
FILTER_TEXTS = ("name", "state", "consensus")
FILTER_NUMBERS = ("filter", "nsites", "information", "threshold", "max_activation")
AGREEMENT_TEXTS, AGREEMENT_NUMBERS = ("task", "filter", "target", "top"), ("rank", "filters")
IMPORTANCE_TEXTS = ("name", "task")
IMPORTANCE_NUMBERS = ("absolute", "fall", "absolute_scaled")
KNOCKOUT = {"replacement": files.TEXT, "on": files.TEXT, "sequences": files.NUMBER}
MATCH_TEXTS = ("query", "target", "target_label", "strand")
MATCH_NUMBERS = ("p", "e", "q", "offset", "overlap", "explained")


@dataclass(frozen=True)
class ModelFolder:
    """What a run knows about one model."""

    name: str
    """Name of its folder."""
    card: dict[str, Any]
    """Architecture, activation, parameters and so on."""
    history: list[files.Row]
    """One row an epoch."""
    metrics: list[files.Row]
    """One row a split and task."""
    filters: list[files.Row]
    """One row a filter, dead ones included."""
    matches: list[files.Row]
    """Database motifs of each filter, the best first."""
    motifs: dict[str, Pwm]
    """Live filters by name."""
    matched: dict[str, Pwm]
    """Database motifs by name."""
    recovery: dict[str, Any] | None
    """Scores against planted truth; None where nothing was planted."""
    importance: list[files.Row]
    """One row a filter and task: what replacing the filter does; empty where nobody asked."""
    knockout: dict[str, Any] | None
    """What replaced the filters, and where; None where nobody asked."""
    agreement: list[files.Row]
    """One row a task and filter named after the task's own factor; empty where nobody asked."""


@dataclass(frozen=True)
class RunFolder:
    """What a run folder holds."""

    path: Path
    """The folder."""
    options: dict[str, str]
    """Text of run.yaml, or of the options of single steps, by file name."""
    environment: dict[str, Any]
    """Versions, command, date, seconds and seed."""
    data: dict[str, Any]
    """The dataset in numbers."""
    verdict: dict[str, Any] | None
    """Sentence, three numbers and notes; None where there is none."""
    baseline: dict[str, Any] | None
    """What GC content alone reaches at each task; None where nobody asked."""
    models: list[ModelFolder]
    """The models, in the order of their names."""
    names: list[str]
    """Files of the folder that other tools can read, relative to it."""


def read(path: Path) -> RunFolder:
    """Read a run folder.

    Parameters
    ----------
    path
        The folder. Only verdict.json, baseline.json and the recovery.json of a model may be
        absent. A run made of single verbs has the YAML files of these instead of run.yaml.

    Returns
    -------
    RunFolder
        All that the page shows.

    Raises
    ------
    UserError
        If a file is missing or broken; names the file, and the line or key.
    """
    if not path.is_dir():
        raise UserError(
            f"{path}: no such folder; give one that `cislens run` or `cislens train` wrote"
        )
    places = sorted(
        child for child in path.glob("models/*") if child.is_dir() and child.name[0] != "."
    )
    if not places and (path / "benchmark.json").exists():
        raise UserError(f"{path}: holds a benchmark; its page: `cislens benchmark report {path}`")
    if not places:
        raise UserError(f"{path / 'models'}: no model; train one with `cislens train`")
    files.text(path / "records.csv")
    return RunFolder(
        path=path,
        options=_options(path),
        environment=files.json_object(path / "environment.json", wanted=ENVIRONMENT),
        data=files.json_object(path / "data.json", wanted=DATA),
        verdict=_verdict(path / "verdict.json"),
        baseline=_optional(path / "baseline.json", wanted=BASELINE),
        models=[_model(place) for place in places],
        names=_names(path),
    )


def _options(path: Path) -> dict[str, str]:
    if found := sorted(path.glob("*.yaml")):
        return {file.name: files.text(file) for file in found}
    raise UserError(
        f"{path / 'run.yaml'}: not found; give a folder that `cislens run` or `cislens train` wrote"
    )


def _verdict(path: Path) -> dict[str, Any] | None:
    verdict = _optional(path, wanted=VERDICT)
    for place, item in enumerate(verdict["numbers"] if verdict else ()):
        files.check_keys(item, wanted=VERDICT_NUMBER, place=f"{path}: numbers[{place}]")
    return verdict


def _model(path: Path) -> ModelFolder:
    model = ModelFolder(
        name=path.name,
        card=files.json_object(path / "card.json", wanted=CARD),
        history=files.csv_rows(
            path / "history.csv",
            texts=(),
            numbers=("epoch", "train_loss", "validation_loss", "learning_rate"),
            more_numbers=True,
        ),
        metrics=files.csv_rows(
            path / "metrics.csv", texts=("split", "task"), numbers=("n",), more_numbers=True
        ),
        filters=files.csv_rows(path / "filters.csv", texts=FILTER_TEXTS, numbers=FILTER_NUMBERS),
        matches=files.csv_rows(path / "matches.csv", texts=MATCH_TEXTS, numbers=MATCH_NUMBERS),
        motifs=_motifs(path / "filters.meme"),
        matched=_motifs(path / "matched.meme"),
        recovery=_optional(path / "recovery.json", wanted=RECOVERY),
        importance=_rows(path / "importance.csv", IMPORTANCE_TEXTS, IMPORTANCE_NUMBERS),
        agreement=_rows(path / "agreement.csv", AGREEMENT_TEXTS, AGREEMENT_NUMBERS),
        knockout=_optional(path / "importance.json", wanted=KNOCKOUT),
    )
    _check(model, path)
    return model


def _check(model: ModelFolder, path: Path) -> None:
    """Hold the tables of a model against its motif files."""
    states = {row["name"]: row["state"] for row in model.filters}
    if unknown := sorted(model.motifs.keys() - states.keys()):
        raise UserError(f"{path / 'filters.csv'}: no row for {unknown[0]!r} of filters.meme")
    for name, state in states.items():
        if state == "ok" and name not in model.motifs:
            raise UserError(
                f"{path / 'filters.meme'}: no motif {name!r}, which is ok in filters.csv; "
                "write both again with `cislens filters`"
            )
    _check_importance(model, states.keys(), path / "importance.csv")
    for row, match in enumerate(model.matches, start=2):
        place = f"{path / 'matches.csv'}, line {row}"
        query, target, strand, offset = (
            match[name] for name in ("query", "target", "strand", "offset")
        )
        if query not in model.motifs:
            raise UserError(f"{place}: query={query!r} is not in filters.meme")
        if target not in model.matched:
            raise UserError(f"{place}: target={target!r} is not in matched.meme")
        if strand not in {"+", "-"}:
            raise UserError(f"{place}: strand={strand!r}; '+' or '-' is wanted")
        if not offset.is_integer():
            raise UserError(f"{place}: offset={offset}; a whole number of columns is wanted")


def _check_importance(model: ModelFolder, names: Collection[str], path: Path) -> None:
    for line, row in enumerate(model.importance, start=2):
        if row["name"] not in names:
            raise UserError(
                f"{path}, line {line}: {row['name']!r} is not in filters.csv; write both anew with "
                "`cislens filters --importance true`"
            )


def _rows(path: Path, texts: tuple[str, ...], numbers: tuple[str, ...]) -> list[files.Row]:
    """Read a table that a run may lack."""
    return files.csv_rows(path, texts=texts, numbers=numbers) if path.exists() else []


def _motifs(path: Path) -> dict[str, Pwm]:
    """Read a motif file, which has no motif where every filter is dead or nothing matched."""
    if not path.is_file():
        raise UserError(f"{path}: not found; write it with `cislens filters`")
    if "\nMOTIF " not in files.text(path):
        return {}
    return {motif.name: motif for motif in meme.read(path)}


def _optional(path: Path, *, wanted: dict[str, files.Kinds]) -> dict[str, Any] | None:
    return files.json_object(path, wanted=wanted) if path.exists() else None


def _names(path: Path) -> list[str]:
    """List the files, hidden ones and the report itself left out."""
    patterns = ("*", "models/*/*", "motifs/*", "motifs/*/*/*/*")
    found = [child for pattern in patterns for child in path.glob(pattern)]
    names = (str(child.relative_to(path)) for child in found if child.is_file())
    return sorted(name for name in names if not name.startswith(".") and name != "report.html")
