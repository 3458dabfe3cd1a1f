"""What a waiting user sees: steps and bars on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

CONSOLE = Console(stderr=True, highlight=False)


def step(text: str) -> None:
    """Say which step begins.

    Parameters
    ----------
    text
        A few words.
    """
    CONSOLE.print(f"[bold]•[/bold] {text}")


@contextmanager
def counter(text: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar that moves when the work says how far it is.

    Parameters
    ----------
    text
        A few words.

    Yields
    ------
    Callable
        To be called with what is done and what there is in all.
    """
    with Progress(console=CONSOLE, transient=True) as shown:
        task = shown.add_task(text, total=None)

        def tell(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        yield tell
