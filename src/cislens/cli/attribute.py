"""`cislens attribute`: base-resolution maps of what a model sees in sequences."""

from cislens.pipeline import attribute_options

OPTIONS = attribute_options.Attribute
POSITIONAL = ("models", "data")
EXAMPLES = """  cislens attribute runs/peaks --method deeplift_shap --top 100
  cislens attribute runs/peaks --method ism --ism.score difference --sequences '[chr8:100-300]'
  cislens attribute model.safetensors peaks.zarr --out maps --targets CTCF --formats npz"""


def run(chosen: attribute_options.Attribute) -> None:
    """Write the maps and say where they are.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import attributing

    print(attributing.run(chosen))
