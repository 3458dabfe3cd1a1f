"""`cislens report`: the page of a run folder."""

from cislens.pipeline import verbs

OPTIONS = verbs.Report
POSITIONAL = ("run",)
EXAMPLES = """  cislens report runs/peaks"""


def run(chosen: verbs.Report) -> None:
    """Write the page and say where it is.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.report import page

    print(page.render(chosen.run))
