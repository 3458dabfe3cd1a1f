"""`cislens data export`: a dataset in formats that other tools read."""

from cislens.pipeline import verbs

OPTIONS = verbs.Export
POSITIONAL = ("data", "out")
EXAMPLES = """  cislens data export peaks.zarr peaks.h5
  cislens data export peaks.zarr test.fa.gz --split test
  cislens data export peaks.zarr peaks.bed"""


def run(chosen: verbs.Export) -> None:
    """Export and say what was written.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import exporting

    print(exporting.run(chosen))
