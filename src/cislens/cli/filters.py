"""`cislens filters`: filters become motifs with names."""

from cislens.pipeline import verbs

OPTIONS = verbs.Filters
POSITIONAL = ("run",)
EXAMPLES = """  cislens filters runs/peaks
  cislens filters runs/peaks --motifs.database known.meme --filters.threshold 0.7"""


def run(chosen: verbs.Filters) -> None:
    """Read the filters and print what they match.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import naming

    print(naming.run(chosen))
