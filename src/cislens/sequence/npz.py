"""Arrays written into NPZ files block by block, so that none is ever whole in memory."""

import zipfile
from collections.abc import Iterable
from itertools import chain

import numpy as np
from numpy.typing import NDArray


def stream(
    archive: zipfile.ZipFile,
    name: str,
    *,
    shape: tuple[int, ...],
    blocks: Iterable[NDArray],
    compressed: bool = True,
) -> None:
    """Add an array to an NPZ file.

    Parameters
    ----------
    archive
        The file, open for writing.
    name
        Key of the array.
    shape
        Shape of the whole array.
    blocks
        Its rows in order; at least one block, all of one type.
    compressed
        Whether the array is compressed; numbers of many digits hardly shrink.
    """
    ordered = iter(blocks)
    first = next(ordered)
    descr = np.lib.format.dtype_to_descr(first.dtype)
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    member = zipfile.ZipInfo(f"{name}.npy")
    member.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with archive.open(member, "w", force_zip64=True) as stream:
        np.lib.format.write_array_header_1_0(stream, header)
        for block in chain([first], ordered):
            stream.write(block.tobytes())
