"""Run a benchmark in a folder, and write what is there as tables."""

import dataclasses
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from cislens.benchmarks import summary
from cislens.benchmarks.pictures import Picture, Scatter
from cislens.errors import UserError
from cislens.jobs import executor, plan
from cislens.jobs.executor import ExecutorOptions, Sitting
from cislens.jobs.plan import Piece
from cislens.jobs.progress import Tell
from cislens.jobs.store import Store
from cislens.pipeline import folder

SCALES = ("smoke", "core", "full")
HEAD = "benchmark.json"


class Published(NamedTuple):
    """A value of the paper.

    Attributes
    ----------
    labels
        Columns of the records and what stands there, such as {"model": "cnn-dist"}.
    metric
        Name of the metric, as in the records.
    value
        The value.
    source
        What it is: "median of 10", "mean of 10, SD .013", "text", "read off Fig. 1c".
    """

    labels: dict[str, str]
    metric: str
    value: float
    source: str = ""


@dataclass(frozen=True)
class Figure:
    """Dots of single seeds with their median, group by group, beside the published value.

    Attributes
    ----------
    title
        Which figure of the paper, and what it shows.
    metric
        Which metric is drawn, on the vertical axis.
    across
        The column whose values stand side by side.
    panels
        The column that makes one panel of each value; empty for one panel.
    where
        Columns and the values that are drawn, of which each record wants one.
    caption
        What to see, and what was read off with which error.
    """

    title: str
    metric: str
    across: str
    panels: str = ""
    where: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    caption: str = ""


@dataclass(frozen=True)
class Benchmark:
    """A published experiment.

    Attributes
    ----------
    name
        Its key in `cislens.benchmarks.BENCHMARKS`.
    title
        What a reader calls it.
    reference
        Authors, year, DOI.
    labels
        Columns that say what a record is of, such as task, model, activation; seed and metric
        stand behind them.
    pieces
        The work. The values of a piece may hold "records": dicts of labels, seed, metric, value.
    published
        Values of the paper.
    figures
        Figures to draw of records.
    pictures
        Figures to draw of the files of pieces.
    notes
        Sentences for the report: departures, and what is not shown.
    """

    name: str
    title: str
    reference: str
    labels: tuple[str, ...]
    pieces: tuple[Piece, ...]
    published: tuple[Published, ...] = ()
    figures: tuple[Figure | Scatter, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()


def run(
    benchmark: Benchmark,
    out: Path,
    *,
    options: ExecutorOptions | None = None,
    only: Sequence[str] = (),
    settings: dict[str, Any] | None = None,
    tell: Tell | None = None,
) -> Sitting:
    """Do what is not done of a benchmark and write its tables.

    Parameters
    ----------
    benchmark
        What is to be done.
    out
        The run folder; one of the same benchmark is gone on with, at another scale too.
    options
        Where the pieces are worked on.
    only
        Words that the label of a piece must hold, all of them; what such a piece needs is done too.
    settings
        What the plan was made with, to be kept in the folder.
    tell
        Called when something changes.

    Returns
    -------
    Sitting
        What was done.

    Raises
    ------
    UserError
        If the folder is of another benchmark or held by another run, or no label holds the words.
    """
    _claim(benchmark, out)
    chosen = [piece for piece in benchmark.pieces if set(only) <= set(piece.label.split())]
    if not chosen:
        raise _unlabelled(benchmark, only)
    _write_head(benchmark, out, settings or {})
    folder.write_environment(out, seed=0)  # a run that is ended from outside has a page too
    sitting = executor.run(chosen, Store(out), options=options, tell=tell)
    write_tables(benchmark, out)
    folder.write_environment(out, seed=0)
    return sitting


def _unlabelled(benchmark: Benchmark, only: Sequence[str]) -> UserError:
    """Name the word that no label holds, or how far the words go together."""
    labels = [piece.label for piece in benchmark.pieces]
    words = sorted({word for label in labels for word in label.split()})
    for word in only:
        if word not in words:
            near = difflib.get_close_matches(word.lower(), words, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            shown = ", ".join(map(repr, labels[:3]))
            return UserError(f"only: {word!r} is in no label: {hint}labels are such as {shown}")
    some = [label for label in labels if only[0] in label.split()][:3]
    return UserError(
        f"only={list(only)}: no label holds all of these words; with {only[0]!r} there are such as "
        f"{', '.join(map(repr, some))}"
    )


def refresh(benchmark: Benchmark, out: Path) -> None:
    """Write the tables, published values and figures of a folder anew.

    Parameters
    ----------
    benchmark
        What the folder is of.
    out
        The run folder.
    """
    _write_head(benchmark, out, read_head(out)["settings"])
    write_tables(benchmark, out)


def write_tables(benchmark: Benchmark, out: Path) -> None:
    """Write ``records.csv``, ``summary.csv`` and ``failed.csv`` from the results in a folder.

    Parameters
    ----------
    benchmark
        Whose results.
    out
        The run folder.
    """
    store = Store(out)
    rows: list[dict[str, Any]] = []
    failed = []
    for piece in plan.complete(benchmark.pieces).values():
        state = store.state(piece)
        if state == "done":
            rows += store.read(piece, check=False).values.get("records", [])
        elif state == "failed":
            failed.append({"piece": piece.label, "error": store.failure(piece).splitlines()[-1]})
    records = summary.tidy(rows, labels=benchmark.labels)
    folder.write_table(out / "records.csv", records)
    published = [
        {**row.labels, "metric": row.metric, "value": row.value, "source": row.source}
        for row in benchmark.published
    ]
    table = summary.summarise(records, published, labels=benchmark.labels)
    folder.write_table(out / "summary.csv", table)
    folder.write_table(out / "failed.csv", pd.DataFrame(failed, columns=["piece", "error"]))


def read_head(out: Path) -> dict[str, Any]:
    """Read which benchmark a folder is of.

    Parameters
    ----------
    out
        The run folder.

    Returns
    -------
    dict
        What `run` wrote of the benchmark.

    Raises
    ------
    UserError
        If there is none, or it is broken.
    """
    path = Path(out) / HEAD
    if not path.exists():
        raise UserError(f"{path}: no such file; a folder of `cislens benchmark run` is wanted")
    head: dict[str, Any] = folder.read_json(path)
    return head


def _claim(benchmark: Benchmark, out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: a file stands there; --out wants a folder")
    if (out / HEAD).exists() and (found := read_head(out)["name"]) != benchmark.name:
        raise UserError(f"{out}: holds the benchmark {found}; choose another --out")


def _write_head(benchmark: Benchmark, out: Path, settings: dict[str, Any]) -> None:
    pieces = plan.complete(benchmark.pieces).values()
    fields = {field.name: getattr(benchmark, field.name) for field in dataclasses.fields(benchmark)}
    fields["pieces"] = {piece.identity: piece.label for piece in pieces}
    fields["settings"] = settings
    fields["pictures"] = [picture.record() for picture in benchmark.pictures]
    fields["published"] = [row._asdict() for row in benchmark.published]
    folder.write_json(out / HEAD, fields)
