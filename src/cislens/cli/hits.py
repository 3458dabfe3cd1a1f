"""`cislens hits`: where discovered motifs act."""

from cislens.pipeline import discover_options

OPTIONS = discover_options.Hits
POSITIONAL = ("run",)
EXAMPLES = """  cislens hits runs/peaks
  cislens hits runs/peaks --targets SRF --hits.cosine 0.8 --annotation genes.bed"""


def run(chosen: discover_options.Hits) -> None:
    """Call the hits and print how many there are.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import hit_calling

    print(hit_calling.run(chosen))
