"""Simulated tasks: each file offers ``simulate(out, *, database, …)``, which writes a dataset."""

from collections.abc import Callable

from cislens.simulation.tasks import koo2021_task1, koo2021_task3, pair_grammar

TASKS: dict[str, Callable[..., None]] = {
    "koo2021_task1": koo2021_task1.simulate,
    "koo2021_task3": koo2021_task3.simulate,
    "pair_grammar": pair_grammar.simulate,
}
