"""`cislens predict`: a table of predictions."""

from cislens.pipeline import verbs

OPTIONS = verbs.Predict
POSITIONAL = ("model", "sequences")
EXAMPLES = """  cislens predict runs/peaks/models/exponential/model.safetensors new.fa --out new.tsv
  cislens predict model.safetensors peaks.zarr --out peaks.tsv --both_strands true"""


def run(chosen: verbs.Predict) -> None:
    """Predict and say what was written.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import predicting

    print(predicting.run(chosen))
