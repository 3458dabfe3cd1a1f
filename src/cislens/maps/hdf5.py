"""Maps as one HDF5 file, laid out as ChromBPNet lays out its contribution scores."""

import json
from dataclasses import asdict
from pathlib import Path

import h5py
import numpy as np

from cislens import files
from cislens.maps.store import Maps


def write(maps: Maps, path: Path) -> None:
    """Write sequences, maps and where they come from.

    ``raw/seq`` (sequences, 4, length) holds one-hot sequences as int8, ``shap/seq`` hypothetical
    scores and ``projected_shap/seq`` those of the bases that stand there, both float32; channels
    are A C G T. These three are what readers of ChromBPNet's files want, such as
    ``modisco motifs -i``. Beside them stand ``ids``, ``outputs`` (the explained number), ``deltas``
    (sequences, references) where the method has a sum rule and ``chrom``, ``start``, ``end`` and
    ``strand`` where sequences have intervals. The attribute ``provenance`` is a JSON text.

    Parameters
    ----------
    maps
        The maps.
    path
        The file; it appears when it is complete.

    Raises
    ------
    UserError
        If the maps have no hypothetical form.
    """
    # Asked for once before a file is begun: not every map has it.
    maps.hypothetical(slice(0, 0))
    with files.whole(path) as partial, h5py.File(partial, "w") as file:
        shape = (len(maps), 4, maps.length)
        chunks = (min(len(maps), 64), 4, maps.length)
        raw, shap, projected = (
            file.create_dataset(
                f"{name}/seq", shape, dtype, chunks=chunks, compression="gzip", shuffle=True
            )
            for name, dtype in (("raw", "i1"), ("shap", "<f4"), ("projected_shap", "<f4"))
        )
        for rows in maps.blocks():
            onehot, hypothetical = maps.onehot(rows), maps.hypothetical(rows)
            raw[rows], shap[rows], projected[rows] = onehot, hypothetical, hypothetical * onehot
        _write_rest(maps, file)


def _write_rest(maps: Maps, file: h5py.File) -> None:
    text = h5py.string_dtype()
    file["ids"] = np.array(maps.ids, dtype=text)
    file["outputs"] = maps.outputs
    deltas = maps.deltas()
    if deltas is not None:
        file["deltas"] = deltas
    if maps.places is not None:
        for name, values in maps.places._asdict().items():
            file[name] = values.astype(text) if values.dtype == object else values
    file.attrs["provenance"] = json.dumps(asdict(maps.header.provenance))
    file.attrs["channels"] = maps.header.alphabet.letters
