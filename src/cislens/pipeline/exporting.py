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
    ".tsv": "table",
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
    kind = chosen.format or ENDINGS.get(chosen.out.suffix)
    if kind is None:
        raise UserError(
            f"{chosen.out}: the ending tells no format; give --format, one of "
            f"{', '.join(export.FORMATS)}"
        )
    stored = dataset.open(chosen.data)
    export.FORMATS[kind](stored, chosen.out, overwrite=chosen.overwrite)
    return f"{chosen.out}: {len(stored)} sequences as {kind}"
