"""What `cislens benchmark` does: find the plan, run it and say how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from cislens.benchmarks import BENCHMARKS, completion, suite
from cislens.errors import UserError
from cislens.jobs import plan
from cislens.jobs import progress as jobs_progress
from cislens.jobs.executor import Sitting
from cislens.jobs.progress import Progress, Tell
from cislens.pipeline import progress
from cislens.pipeline.benchmark_options import BenchmarkFolder, BenchmarkRun


def run(chosen: BenchmarkRun) -> str:
    """Do what is not done.

    Parameters
    ----------
    chosen
        The options of `cislens benchmark run`.

    Returns
    -------
    str
        What was done, for the user.

    Raises
    ------
    UserError
        If a piece failed, after all others were done and the tables written.
    """
    files = {name: str(Path(path).resolve()) for name, path in chosen.files.items()}
    settings = {"scale": chosen.scale, "files": files}
    benchmark = _plan(chosen.benchmark, chosen.scale, files)
    progress.step(f"{benchmark.title}: {chosen.scale}, in {chosen.out}")
    last = _last_scale(chosen.out)
    if last not in {None, chosen.scale}:
        progress.step(f"last run at scale {last}: tables and page will be those of {chosen.scale}")
    with _shown() as tell:
        sitting = suite.run(
            benchmark,
            chosen.out,
            options=chosen.executor,
            only=chosen.only,
            settings=settings,
            tell=tell,
        )
    labels = {name: piece.label for name, piece in plan.complete(benchmark.pieces).items()}
    told = "\n".join([*_told(sitting, labels), f"{chosen.out / 'summary.csv'}"])
    if sitting.failed:
        raise UserError(f"{told}\nmend what failed, and run the same command again")
    return told


def status(chosen: BenchmarkFolder) -> str:
    """Say how far a run folder is.

    Parameters
    ----------
    chosen
        The options of `cislens benchmark status`.

    Returns
    -------
    str
        Counts, problems and the time that the rest may take.
    """
    benchmark = of_folder(chosen.run)
    found = completion.of(benchmark, chosen.run)
    order = ("done", "running", "failed", "corrupt", "foreign", "absent")
    counts = ", ".join(f"{found.states[name]} {name}" for name in order if name in found.states)
    lines = [f"{benchmark.title}: {counts} of {sum(found.states.values())}"]
    if found.left is not None:
        lines.append(
            f"{jobs_progress.duration(found.seconds)} of processor time so far; the rest may take "
            f"{jobs_progress.duration(found.left)}"
        )
    lines += [f"{label}: {error}" for label, error in found.problems.items()]
    if found.foreign:
        lines.append(f"{len(found.foreign)} results of other plans, left alone")
    return "\n".join(lines)


def refresh(chosen: BenchmarkFolder) -> None:
    """Write the tables of a run folder anew.

    Parameters
    ----------
    chosen
        The options of `cislens benchmark report`.
    """
    suite.refresh(of_folder(chosen.run), chosen.run)


def of_folder(out: Path) -> suite.Benchmark:
    """Make the plan that a folder was last run with.

    Parameters
    ----------
    out
        The run folder.

    Returns
    -------
    Benchmark
        The plan.
    """
    head = suite.read_head(out)
    settings = head["settings"]
    return _plan(head["name"], settings["scale"], settings["files"])


def _last_scale(out: Path) -> str | None:
    if not (out / suite.HEAD).exists():
        return None
    scale: str | None = suite.read_head(out)["settings"].get("scale")
    return scale


def _plan(name: str, scale: str, files: dict[str, str]) -> suite.Benchmark:
    if name not in BENCHMARKS:
        raise UserError(f"benchmark={name!r}; known are {', '.join(BENCHMARKS)}")
    return BENCHMARKS[name](scale, files=files)


def _told(sitting: Sitting, labels: dict[str, str]) -> list[str]:
    lines = [f"{len(sitting.done)} pieces done, {sitting.before} were done before"]
    lines += [
        f"{labels[piece]}: its result was {state} and was redone"
        for piece, state in sitting.redone.items()
    ]
    lines += [f"{labels[piece]} failed: {error}" for piece, error in sitting.failed.items()]
    if sitting.blocked:
        lines.append(f"{len(sitting.blocked)} pieces wait for one that failed")
    return lines


@contextmanager
def _shown() -> Iterator[Tell]:
    """Show a bar on a terminal, and a line whenever a piece ends elsewhere."""
    if not progress.CONSOLE.is_terminal:
        ended = [-1]

        def write(now: Progress) -> None:
            if now.done + now.failed != ended[0]:
                ended[0] = now.done + now.failed
                progress.CONSOLE.print(now.text(), soft_wrap=True)

        yield write
        return
    columns = (BarColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=progress.CONSOLE, transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(now: Progress) -> None:
            names = "; ".join(now.running.values())
            bar.update(
                task,
                completed=now.done,
                total=now.total,
                description=f"{now.text()}: {names}" if names else now.text(),
            )

        yield tell
