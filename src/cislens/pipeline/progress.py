"""What a waiting user sees on standard error: steps, and bars or lines for long work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

from cislens.jobs import progress

CONSOLE = Console(stderr=True, highlight=False)
SECONDS_BETWEEN_LINES = 30.0
"""How often work tells a log how far it is."""


def step(text: str) -> None:
    """Say which step begins.

    Parameters
    ----------
    text
        A few words.
    """
    # Wrapped by the terminal, not by us: a log keeps each line whole.
    CONSOLE.print("[bold]•[/bold] ", end="")
    # Names may hold brackets, which would be read as markup.
    CONSOLE.print(text, soft_wrap=True, markup=False)


def counted(number: int, noun: str) -> str:
    """Count things in words.

    Parameters
    ----------
    number
        How many.
    noun
        One of them, such as "task".

    Returns
    -------
    str
        Such as "1 task" or "2,000 tasks".
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


@contextmanager
def counter(text: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far the work is: a bar on a terminal, a line now and then elsewhere.

    Parameters
    ----------
    text
        A few words.

    Yields
    ------
    Callable
        To be called with what is done and what there is in all.
    """
    if not CONSOLE.is_terminal:
        yield _lines(text)
        return
    with Progress(console=CONSOLE, transient=True) as shown:
        task = shown.add_task(text, total=None)

        def tell(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        yield tell


def _lines(text: str) -> Callable[[int, int], None]:
    """Write a line at most every 30 s; short work says nothing."""
    began = last = time.monotonic()
    first: int | None = None

    def tell(done: int, total: int) -> None:
        nonlocal last, first
        # What an earlier sitting did comes with the first call and took no time in this one.
        first = done if first is None else first
        now = time.monotonic()
        if now - last < SECONDS_BETWEEN_LINES or done >= total:
            return
        last = now
        share = f"{done / total:.0%}"
        left = ""
        if done > first:
            left = (
                f", about {progress.duration((now - began) / (done - first) * (total - done))} left"
            )
        CONSOLE.print(
            f"  {text}: {done:,} of {total:,} ({share}){left}", soft_wrap=True, markup=False
        )

    return tell
