"""`cislens data fetch`: published datasets by name."""

from cislens.pipeline import dataset_options

OPTIONS = dataset_options.Fetch
POSITIONAL = ("name",)
EXAMPLES = """  cislens data fetch --list
  cislens data fetch irf1
  cislens data fetch deepsea --from downloads/
  cislens data fetch basset --genome hg19.fa"""


def run(chosen: dataset_options.Fetch) -> None:
    """Fetch and say what came and how to go on.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import fetching

    print(fetching.run(chosen))
