"""Write a dataset with planted truth."""

import inspect

from cislens.errors import UserError
from cislens.motifs import database
from cislens.pipeline import card, folder, verbs
from cislens.simulation.tasks import TASKS

DATABASE = "jaspar2016"
"""The release whose counts the published generators draw from."""


def run(chosen: verbs.Simulate) -> str:
    """Simulate a task.

    Parameters
    ----------
    chosen
        The options of `cislens simulate`.

    Returns
    -------
    str
        What was written, for the user.
    """
    write(chosen)
    folder.write_options(folder.beside(chosen.out), chosen)
    return card.describe(chosen.out)


def write(chosen: verbs.Simulate) -> None:
    """Write the dataset.

    Parameters
    ----------
    chosen
        The options of `cislens simulate`.

    Raises
    ------
    UserError
        If the task is not known, or its settings do not fit it.
    """
    if chosen.task not in TASKS:
        raise UserError(f"task={chosen.task!r} is not known; known are {', '.join(TASKS)}")
    simulate = TASKS[chosen.task]
    names = ("sequences", "factors", "mode", "rule", "seed")
    asked = {name: getattr(chosen, name) for name in names}
    settings = {name: value for name, value in asked.items() if value not in (None, [])}
    known = inspect.signature(simulate).parameters
    if unknown := [name for name in settings if name not in known]:
        raise UserError(f"{unknown[0]}: {chosen.task} has no such setting; leave it out")
    simulate(
        chosen.out,
        database=database.load(DATABASE, taxon="vertebrates"),
        overwrite=chosen.overwrite,
        **settings,
    )
