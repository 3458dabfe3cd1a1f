"""`cislens merge`: one table of the motifs of several runs."""

from cislens.pipeline import discover_options

OPTIONS = discover_options.Merge
POSITIONAL = ("runs...",)
EXAMPLES = """  cislens merge runs/peaks --out merged
  cislens merge runs/seed1 runs/seed2 runs/seed3 --out merged"""


def run(chosen: discover_options.Merge) -> None:
    """Merge the motifs and print how many there are.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import merged

    print(merged.run(chosen))
