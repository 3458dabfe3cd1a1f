"""`cislens train`: networks on a dataset."""

from cislens.pipeline import verbs

OPTIONS = verbs.Train
POSITIONAL = ("data",)
EXAMPLES = """  cislens train peaks.zarr --out runs/peaks
  cislens train peaks.zarr --out runs/peaks --model.architecture cnn-2 \\
    --model.activations '[relu, exponential]' --fit.epochs 60 --seed 1"""


def run(chosen: verbs.Train) -> None:
    """Train and say where the models are.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import train

    print(train.run(chosen))
