"""Maps as the pair of NPZ files that TF-MoDISco reads."""

import zipfile
from pathlib import Path

from cislens import files
from cislens.maps.store import Maps
from cislens.sequence import npz


def write(maps: Maps, *, sequences: Path, scores: Path) -> None:
    """Write ``arr_0`` of shape (sequences, 4, length) into each of two files.

    They are what ``modisco motifs -s SEQUENCES -a SCORES`` takes.

    Parameters
    ----------
    maps
        The maps.
    sequences
        File of one-hot sequences, int8; N is a column of zeros.
    scores
        File of hypothetical scores, float32.

    Raises
    ------
    UserError
        If the maps have no hypothetical form.

    References
    ----------
    Shrikumar et al. 2018, arXiv:1811.00416, who cluster by hypothetical scores.
    """
    shape = (len(maps), 4, maps.length)
    hypothetical = (maps.hypothetical(rows) for rows in maps.blocks())
    onehot = (maps.onehot(rows).astype("i1") for rows in maps.blocks())
    with files.whole(scores) as partial, zipfile.ZipFile(partial, "w") as archive:
        npz.stream(archive, "arr_0", shape=shape, blocks=hypothetical, compressed=False)
    with files.whole(sequences) as partial, zipfile.ZipFile(partial, "w") as archive:
        npz.stream(archive, "arr_0", shape=shape, blocks=onehot)
