"""`cislens simulate`: a dataset with planted truth."""

from cislens.pipeline import verbs

OPTIONS = verbs.Simulate
POSITIONAL = ("task",)
EXAMPLES = """  cislens simulate koo2021_task1 --out task1.zarr
  cislens simulate koo2021_task3 --out task3.zarr --mode corrected
  cislens simulate pair_grammar --out order.zarr --rule order
  cislens simulate koo2021_task1 --out small.zarr --sequences 5000 --factors '[SP1, MAX, YY1]'"""


def run(chosen: verbs.Simulate) -> None:
    """Simulate and say what was written.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import simulating

    print(simulating.run(chosen))
