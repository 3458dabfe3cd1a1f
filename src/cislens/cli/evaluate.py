"""`cislens evaluate`: scores on held-out sequences."""

from cislens.pipeline import verbs

OPTIONS = verbs.Evaluate
POSITIONAL = ("run",)
EXAMPLES = """  cislens evaluate runs/peaks
  cislens evaluate runs/peaks --data other.zarr --split test"""


def run(chosen: verbs.Evaluate) -> None:
    """Evaluate and print the scores.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import evaluating

    print(evaluating.run(chosen))
