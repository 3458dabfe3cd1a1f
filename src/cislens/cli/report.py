"""`cislens report`: the page of a run folder."""

from cislens.pipeline import verbs

OPTIONS = verbs.Report
POSITIONAL = ("run",)
EXAMPLES = """  cislens report runs/peaks
  cislens report runs/peaks --sequences '[chr8:100-300]'"""


def run(chosen: verbs.Report) -> None:
    """Write the page and say where it is.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.report import page

    named = chosen.sequences if isinstance(chosen.sequences, list) else [chosen.sequences]
    print(page.render(chosen.run, sequences=named))
