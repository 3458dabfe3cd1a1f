"""`cislens compare`: trainings on the same data, held against each other."""

from cislens.pipeline import compare_options

OPTIONS = compare_options.Compare
POSITIONAL = ("runs...",)
EXAMPLES = """  cislens compare runs/plain-0 runs/plain-1 runs/fourier-0 runs/fourier-1 \\
    --out runs/comparison
  cislens compare runs/a runs/b --method DeepSHAP --task CTCF"""


def run(chosen: compare_options.Compare) -> None:
    """Compare, then write the page.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import comparing
    from cislens.report import comparison

    print(comparing.run(chosen))
    print(comparison.render(chosen.out))
