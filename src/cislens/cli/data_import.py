"""`cislens data import`: FASTA, a table or a bundle becomes a dataset."""

from cislens.pipeline import verbs

OPTIONS = verbs.Import
POSITIONAL = ("path",)
EXAMPLES = """  cislens data import peaks.fa.gz --out peaks.zarr --negatives dinucleotide-shuffle \\
    --split.by chromosome --split.validation chr7 --split.test chr8,chr9
  cislens data import mpra.tsv --out mpra.zarr --target_columns activity
  cislens data import IRF1.h5 --out irf1.zarr --split.by given"""


def run(chosen: verbs.Import) -> None:
    """Import and say what was written.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import importing

    print(importing.run(chosen))
