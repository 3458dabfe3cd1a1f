"""Write a dataset in formats that other tools read."""

from cislens.data import dataset, export
from cislens.errors import UserError
from cislens.pipeline import verbs

ENDINGS = {
    ".h5": "hdf5",
    ".hdf5": "hdf5",
    ".npz": "npz",
    ".fa": "fasta",
    ".fasta": "fasta",
    ".fa.gz": "fasta",
    ".fasta.gz": "fasta",
    ".tsv": "table",
    ".csv": "table",
    ".bed": "bed",
}


def run(chosen: verbs.Export) -> str:
    """Export a dataset.

    Parameters
    ----------
    chosen
        The options of `cislens data export`.

    Returns
    -------
    str
        What was written, for the user.

    Raises
    ------
    UserError
        If the format cannot be told, or the file exists.
    """
    endings = (ending for ending in ENDINGS if chosen.out.name.endswith(ending))
    kind = chosen.format or ENDINGS.get(next(endings, ""))
    if kind is None:
        raise UserError(
            f"{chosen.out}: the ending tells no format; give --format, one of "
            f"{', '.join(export.FORMATS)}"
        )
    split = None if chosen.split == "all" else chosen.split
    stored = dataset.open(chosen.data)
    count = len(stored.view(split))
    if not count:
        raise UserError(f"split={chosen.split}: {chosen.data} has no such sequences")
    export.FORMATS[kind](stored, chosen.out, split=split, overwrite=chosen.overwrite)
    beside = ", all but the letters in a .tsv beside it" if kind == "fasta" else ""
    return f"{chosen.out}: {count} sequences as {kind}{beside}"
