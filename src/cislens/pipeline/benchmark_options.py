"""Options of `cislens benchmark`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cislens.jobs.executor import ExecutorOptions


@dataclass(frozen=True)
class BenchmarkRun:
    """Options of `cislens benchmark run`.

    Attributes
    ----------
    benchmark
        Name of the benchmark: koo2021, tseng2020 or deepsea.
    out
        The run folder; what is done there is not done again.
    scale
        "smoke" takes seconds and shows nothing but that it runs, "core", some hours of two cores,
        is what the paper's claim rests on, "full" all of it.
    executor
        Where the pieces of work are done.
    only
        Words that the label of a piece must hold, such as [task3, cnn-dist]; all pieces without.
    files
        Data that only you have, by name, such as {irf1: IRF1_400_h3k27ac.h5}.
    """

    benchmark: str
    out: Path
    scale: Literal["smoke", "core", "full"] = "core"
    executor: ExecutorOptions = field(default_factory=ExecutorOptions)
    only: list[str] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class BenchmarkFolder:
    """Options of `cislens benchmark status` and `cislens benchmark report`.

    Attributes
    ----------
    run
        A folder of `cislens benchmark run`.
    """

    run: Path
