"""From entries to a dataset in one pass: encode, shuffle, write, and split at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cislens.data import _entries, dataset, dividing, kinds, splits
from cislens.data._entries import ABSENT, Entry
from cislens.data.encoding import Encoding
from cislens.data.writer import DatasetWriter
from cislens.errors import UserError
from cislens.sequence import shuffle
from cislens.sequence.shapes import Codes

BLOCK = 1024
"""Sequences encoded and written at once."""


@dataclass(frozen=True)
class Source:
    """What is read, and how."""

    entries: Iterator[Entry]
    tasks: tuple[str, ...]
    encoding: Encoding
    provenance: dict[str, Any]
    kind: str | None = None
    shuffled_negatives: bool = False


def write(
    source: Source, out: Path, *, plan: dividing.Plan | splits.ByColumn, seed: int, overwrite: bool
) -> None:
    """Write a dataset from entries, one block in memory at a time."""
    # Two streams, so that the splits do not depend on whether sequences are shuffled.
    shuffling, splitting = np.random.default_rng(seed).spawn(2)
    first = next(source.entries)
    writer = dataset.create(
        out,
        length=source.encoding.length or len(first.sequence),
        alphabet=source.encoding.alphabet,
        tasks=source.tasks,
        target_kind=source.kind or "continuous",
        provenance=source.provenance,
        overwrite=overwrite,
    )
    seen = _Seen(shuffled=source.shuffled_negatives)
    entries = chain([first], source.entries)
    with writer:
        while block := list(islice(entries, BLOCK)):
            fitted = [_entries.fit(entry, source.encoding, first=first) for entry in block]
            codes = _entries.encode(fitted, source.encoding)
            _append(writer, fitted, codes)
            if source.shuffled_negatives:
                _append_shuffled(writer, fitted, shuffle.dinucleotide(codes, rng=shuffling))
            seen.see(fitted)
        writer.set_split(seen.split(plan, splitting))
        writer.header = writer.header._replace(
            target_kind=source.kind or seen.kind.kind,
            provenance={**source.provenance, "coordinates_dropped": seen.dropped},
        )


class _Seen:
    """What must be remembered of all entries until the last: little beside their letters."""

    def __init__(self, *, shuffled: bool) -> None:
        self.kind = kinds.Inference()
        self.dropped = 0
        self._shuffled = shuffled
        self._counts: list[int] = []
        self._chroms: list[str] = []
        self._given: list[str] = []
        self._homeless: str | None = None

    def see(self, block: list[Entry]) -> None:
        """Remember a block."""
        self.kind.see(np.array([entry.targets for entry in block], np.float32))
        self._counts.append(len(block))
        for entry in block:
            self._given.append(entry.split or "")
            self._chroms.append(entry.interval.chrom if entry.interval else "")
            self.dropped += entry.interval is not None and entry.interval.start == ABSENT
            if entry.interval is None and self._homeless is None:
                self._homeless = entry.where

    def split(self, plan: dividing.Plan | splits.ByColumn, rng: np.random.Generator) -> NDArray:
        """Say the split of every row written; a shuffled sequence goes with its original."""
        names = self._assign(plan, rng)
        if not self._shuffled:
            return names
        blocks = np.split(names, np.cumsum(self._counts)[:-1])
        return np.concatenate([np.tile(block, 2) for block in blocks])

    def _assign(self, plan: dividing.Plan | splits.ByColumn, rng: np.random.Generator) -> NDArray:
        """Follow the plan."""
        if isinstance(plan, splits.ByColumn):
            return splits.by_column(self._given)
        if isinstance(plan, splits.ByFraction):
            return dividing.assign(self._given, plan, rng=rng)
        if self._homeless is not None:
            raise UserError(
                f"{self._homeless}: no chromosome is known; a split by chromosome wants headers "
                "such as chr1:100-200, or a table with columns for chrom, start and end"
            )
        return dividing.assign(self._chroms, plan, rng=rng)


def _append(writer: DatasetWriter, block: list[Entry], codes: Codes) -> None:
    """Write a block as it came."""
    places = [entry.interval for entry in block]
    writer.append(
        codes,
        np.array([entry.targets for entry in block], np.float32),
        ids=[entry.id for entry in block],
        chrom=[place.chrom if place else "" for place in places],
        start=[place.start if place else ABSENT for place in places],
        end=[place.end if place else ABSENT for place in places],
        strand=[place.strand if place else "." for place in places],
    )


def _append_shuffled(writer: DatasetWriter, block: list[Entry], codes: Codes) -> None:
    """Write the shuffled partners of a block as negatives; they lie nowhere in the genome."""
    ids = [f"{entry.id}_shuffled" for entry in block]
    writer.append(codes, np.zeros((len(block), 1), np.float32), ids=ids)
