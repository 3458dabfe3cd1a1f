"""`cislens filters`: filters become motifs with names."""

from cislens.pipeline import filters_options

OPTIONS = filters_options.Filters
POSITIONAL = ("run",)
EXAMPLES = """  cislens filters runs/peaks
  cislens filters runs/peaks --motifs.database known.meme --filters.threshold 0.7
  cislens filters runs/peaks --importance true --knockout.on positive"""


def run(chosen: filters_options.Filters) -> None:
    """Read the filters and print what they match.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import naming

    print(naming.run(chosen))
