"""`cislens demo`: planted motifs, two networks, one verdict."""

from cislens.pipeline import verbs

OPTIONS = verbs.Demo
POSITIONAL = ()
EXAMPLES = """  cislens demo
  cislens demo --scale full --out runs/koo2021_task1"""


def run(chosen: verbs.Demo) -> None:
    """Run the demonstration, then write the page.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import demo
    from cislens.report import page

    verdict = demo.run(chosen)
    path = page.render(chosen.out)
    print(f"{verdict}\n{path}")
