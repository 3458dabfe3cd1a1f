"""`cislens discover`: maps become motifs with names."""

from cislens.pipeline import discover_options

OPTIONS = discover_options.Discover
POSITIONAL = ("run",)
EXAMPLES = """  cislens discover runs/peaks
  cislens discover runs/peaks --name deeplift_shap --targets SRF --clusters.least 20
  cislens discover runs/yeast --motifs.taxon fungi"""


def run(chosen: discover_options.Discover) -> None:
    """Find the motifs and print what they are.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import discovering

    print(discovering.run(chosen))
