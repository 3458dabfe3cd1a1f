"""Maps on disk, read lazily: values, the sequences beside them, and how well the maps hold."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
import zarr
from jaxtyping import Float, UInt8
from numpy.typing import NDArray

from cislens.errors import UserError
from cislens.maps import header as headers
from cislens.maps import sequences
from cislens.maps.header import Header
from cislens.maps.sequences import Places, Site

Rows = slice | NDArray[np.integer]
Values = Float[np.ndarray, "rows 4 length"]
Track = Float[np.ndarray, "rows length"]
Codes = UInt8[np.ndarray, "rows length"]

ALL_BASES = ("local", "hypothetical", "corrected", "taylor")
"""Gauges with a value for each base, of which the hypothetical form can be had."""
AT_ONCE = 1_000_000
"""Bases read at once."""
ARRAYS = ("values", "codes", "outputs")


def open(path: Path | str) -> "Maps":  # noqa: A001 - read as store.open
    """Open a store of maps for reading.

    Parameters
    ----------
    path
        Folder of the store.

    Returns
    -------
    Maps
        The maps; only their attributes are read yet.

    Raises
    ------
    UserError
        If there is no complete store that this version reads.
    """
    folder = Path(path)
    group, header = headers.read(folder)
    if not header.complete:
        raise UserError(f"{folder}: not all maps are there; give the same command again to go on")
    for name in ARRAYS:
        if name not in group or group[name].shape[0] != header.sequences:
            raise UserError(f"{folder}: {name} is missing or cut short; write the maps again")
        if group[name].nchunks_initialized < group[name].nchunks:
            raise UserError(f"{folder}: chunks of {name} are missing; write the maps again")
    return Maps(folder, group, header)


class Maps:
    """One map a sequence, of one target by one method.

    Parameters
    ----------
    path
        Folder of the store.
    group
        The open store.
    header
        Its attributes.
    """

    def __init__(self, path: Path, group: zarr.Group, header: Header) -> None:
        self.path = path
        self.header = header
        self.length = header.length
        self.gauge = header.gauge
        self.group = group

    def __len__(self) -> int:
        return self.header.sequences

    def __repr__(self) -> str:
        work = self.header.provenance
        return f"Maps({self.path}, {len(self)} x {self.length} bp, {work.method} of {work.target})"

    def blocks(self) -> Iterator[slice]:
        """Cut the rows into pieces that are worth holding in memory at once.

        Yields
        ------
        slice
            Whole chunks of the store, about a million bases.
        """
        step = max(1, AT_ONCE // self.length // self.header.block) * self.header.block
        for start in range(0, len(self), step):
            yield slice(start, min(start + step, len(self)))

    def values(self, rows: Rows = slice(None)) -> Values:
        """Read maps as they were stored.

        Parameters
        ----------
        rows
            A slice, or row numbers in any order.

        Returns
        -------
        Values
            Channels as in the alphabet, in the store's gauge, float32.
        """
        return self._read("values", rows)

    def codes(self, rows: Rows = slice(None)) -> Codes:
        """Read sequences as base codes, uint8.

        Parameters
        ----------
        rows
            A slice, or row numbers in any order.

        Returns
        -------
        Codes
            A C G T N = 0..4.
        """
        return self._read("codes", rows)

    def onehot(self, rows: Rows = slice(None)) -> UInt8[np.ndarray, "rows 4 length"]:
        """Read sequences as one-hot columns, uint8; N is a column of zeros.

        Parameters
        ----------
        rows
            A slice, or row numbers in any order.

        Returns
        -------
        NDArray[np.uint8]
            Channels as in the alphabet.
        """
        letters = np.arange(4, dtype=np.uint8)[:, None]
        onehot: NDArray[np.uint8] = np.equal(self.codes(rows)[:, None, :], letters).astype(np.uint8)
        return onehot

    def hypothetical(self, rows: Rows = slice(None)) -> Values:
        """Read maps in the hypothetical form: the effect of each base against an even mixture.

        It is the stored map where that is hypothetical or corrected; else its mean over the bases
        is taken off, the ``corrected`` gauge.

        Parameters
        ----------
        rows
            A slice, or row numbers in any order.

        Returns
        -------
        Values
            A value for each base, float32.

        Raises
        ------
        UserError
            If the map has values at the bases of the sequence only.
        """
        if self.gauge not in ALL_BASES:
            raise UserError(
                f"{self.path}: {self.header.provenance.method} gave a {self.gauge} map, of the "
                "bases of the sequence only; the hypothetical form wants a method such as "
                "deeplift_shap, saliency or ism"
            )
        values = self.values(rows)
        if self.gauge in ("hypothetical", "corrected"):
            return values
        corrected: Values = values - values.mean(axis=1, keepdims=True)
        return corrected

    def projected(self, rows: Rows = slice(None)) -> Track:
        """Read one number a base: the value of the base that stands there.

        It is taken from the hypothetical form where the map has one, and else from the map; 0 at N.

        Parameters
        ----------
        rows
            A slice, or row numbers in any order.

        Returns
        -------
        Track
            One number a base, float32.
        """
        if self.gauge in ALL_BASES:
            values = self.hypothetical(rows) * self.onehot(rows)
        else:
            values = self.values(rows)
        track: Track = values.sum(axis=1, dtype=np.float32)
        return track

    def deltas(self, rows: Rows = slice(None)) -> Float[np.ndarray, "rows references"] | None:
        """Read by how much the sum rule was missed, for each reference.

        Parameters
        ----------
        rows
            A slice, or row numbers in any order.

        Returns
        -------
        NDArray[np.float32] | None
            In the unit of the output; None for a method without such a rule.
        """
        return self._read("deltas", rows) if "deltas" in self.group else None

    def notes(self, row: int) -> list[str]:
        """List what a reader of a map must know.

        Parameters
        ----------
        row
            Number of the sequence.

        Returns
        -------
        list of str
            The notes of its block.
        """
        return [
            note.text
            for note in self.header.notes
            if any(start <= row < end for start, end in note.rows)
        ]

    @cached_property
    def outputs(self) -> Float[np.ndarray, " rows"]:
        """Read the explained number of every sequence.

        Returns
        -------
        NDArray[np.float32]
            Raw outputs: logits, for a classifier.
        """
        return self._read("outputs", slice(None))

    @cached_property
    def ids(self) -> list[str]:
        """Name the sequences.

        Returns
        -------
        list of str
            In the order of the maps.
        """
        return self._read("ids", slice(None)).tobytes().decode().split("\n")[:-1]

    @cached_property
    def places(self) -> Places | None:
        """Tell where the sequences lie in the genome.

        Returns
        -------
        Places | None
            None if no sequence has an interval.
        """
        if not self.header.chromosomes:
            return None
        names = ("chrom", "start", "end", "strand")
        chrom, start, end, strand = (self._read(name, slice(None)) for name in names)
        chromosomes = np.array([*self.header.chromosomes, ""], dtype=object)
        strands = np.array(headers.STRANDS, dtype=object)
        return Places(chromosomes[chrom], start, end, strands[strand])

    def sites(self, row: int) -> list[Site]:
        """List the motifs planted in a sequence.

        Parameters
        ----------
        row
            Number of the sequence.

        Returns
        -------
        list of Site
            In stored order; empty where nothing is known.
        """
        if "sites" not in self.group:
            return []
        first, last = np.searchsorted(self._sites[:, 0], [row, row + 1])
        return [sequences.site(found, self.header.motifs) for found in self._sites[first:last]]

    @cached_property
    def _sites(self) -> NDArray[np.int64]:
        return self._read("sites", slice(None))

    def _read(self, name: str, rows: Rows) -> NDArray:
        array = self.group[name]
        found = array[rows] if isinstance(rows, slice) else array.oindex[rows]
        return np.asarray(found)
