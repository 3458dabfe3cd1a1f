"""`cislens run`: the whole job from one YAML."""

from cislens.pipeline import verbs

OPTIONS = verbs.Run
POSITIONAL = ("config",)
EXAMPLES = """  cislens run examples/ctcf.yaml
  cislens run examples/irf1.yaml --out runs/irf1-seed1 --seed 1"""


def run(chosen: verbs.Run) -> None:
    """Run every step, then write the page.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import main_job
    from cislens.report import page

    verdict = main_job.run(chosen)
    path = page.render(chosen.out)
    print(f"{verdict}\n{path}")
