"""The consensus of maps: what several networks and methods find in the same sequences."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from cislens.errors import UserError
from cislens.maps import agreement, store, writer
from cislens.maps.agreement import CONSENSUS
from cislens.maps.header import Header, Provenance
from cislens.maps.store import Maps
from cislens.pipeline import locating, progress
from cislens.sequence import consensus


def write(folder: Path, *, names: Sequence[str], overwrite: bool = False) -> list[Path]:
    """Write the consensus of maps, one store a target, unless it is there.

    Parameters
    ----------
    folder
        A folder of maps, as RUN/attributions.
    names
        Names of the maps that take part, of all models; these are those of methods.
    overwrite
        Replace a consensus of other maps.

    Returns
    -------
    list of Path
        The stores, FOLDER/consensus/consensus/TARGET.zarr.

    Raises
    ------
    UserError
        If maps of a target are of different sequences, or have no value for bases that do not
        stand there.
    """
    by_target: dict[str, list[Maps]] = {}
    for path in sorted(folder.glob("*/*/*.zarr")):
        if path.parent.name in names:
            by_target.setdefault(path.name, []).append(store.open(path))
    if not by_target:
        raise UserError(f"{folder}: no maps named {', '.join(names)}; make them first")
    out = []
    for name, mine in by_target.items():
        path = folder / CONSENSUS / CONSENSUS / name
        _write(path, mine, overwrite=overwrite)
        locating.write(path)
        out.append(path)
    progress.step(f"consensus of {len(mine)} maps of each sequence in {folder / CONSENSUS}")
    return out


def _write(path: Path, mine: list[Maps], *, overwrite: bool) -> None:
    first = mine[0]
    for other in mine[1:]:
        if other.header.provenance.sequences != first.header.provenance.sequences:
            raise UserError(
                f"{other.path}: its sequences are not those of {first.path}; a consensus wants "
                "maps of the same sequences"
            )
    described = agreement.described(first)
    with writer.begin(path, _header(mine), described, overwrite=overwrite) as made:
        for rows in made.missing():
            made.write(rows, _block(mine, rows))


def _block(mine: list[Maps], rows: slice) -> writer.Block:
    together = consensus.consensus([maps.hypothetical(rows) for maps in mine])
    return writer.Block(
        codes=mine[0].codes(rows),
        values=together.astype(np.float32),
        outputs=np.stack([maps.outputs[rows] for maps in mine]).mean(axis=0),
        gauge="corrected",
        reference="as of each map",
        deltas=None,
        notes=(),
    )


def _header(mine: list[Maps]) -> Header:
    first = mine[0].header
    members = [f"{maps.path.parents[1].name}: {maps.path.parent.name}" for maps in mine]
    hashes = "\n".join(sorted(_identity(maps) for maps in mine))
    return Header(
        sequences=first.sequences,
        length=first.length,
        alphabet=first.alphabet,
        block=first.block,
        chromosomes=first.chromosomes,
        motifs=first.motifs,
        provenance=Provenance(
            method=CONSENSUS,
            options={"maps": members},
            target=first.provenance.target,
            gauge="corrected",
            both_strands=all(maps.header.provenance.both_strands for maps in mine),
            model=hashlib.sha256(hashes.encode()).hexdigest(),
            sequences=first.provenance.sequences,
            seed=first.provenance.seed,
            cislens=version("cislens"),
            model_name=CONSENSUS,
            dataset=first.provenance.dataset,
            selection=first.provenance.selection,
        ),
    )


def _identity(maps: Maps) -> str:
    work = maps.header.provenance
    return f"{work.model} {work.method} {work.options} {work.seed} {work.both_strands}"
