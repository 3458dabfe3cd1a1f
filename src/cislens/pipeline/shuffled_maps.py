"""Maps of shuffled sequences, made as others were: what a method shows where nothing is."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from cislens import attribution
from cislens.errors import UserError
from cislens.maps import store, writer
from cislens.maps.header import Header
from cislens.maps.sequences import Sequences
from cislens.maps.store import Maps
from cislens.models import checkpoint, fingerprint, inputs
from cislens.pipeline import attributing, explained, progress
from cislens.pipeline.attribute_options import Attribute
from cislens.pipeline.method_options import MethodOptions
from cislens.sequence import shuffle
from cislens.sequence.shapes import Codes


def make(
    maps: Maps,
    model: Path,
    out: Path,
    *,
    count: int,
    seed: int,
    batch_size: int | None = None,
    device: str | None = None,
) -> Maps:
    """Make maps of dinucleotide shuffles of the sequences of other maps, or find them done.

    Parameters
    ----------
    maps
        The other maps; method, options, target and strands are theirs.
    model
        The model file they were made with.
    out
        The store to write; it goes on after a kill, and gives way to other work.
    count
        How many shuffles, of evenly spaced sequences, or of all in turn where there are fewer.
    seed
        Seed of the shuffles.
    batch_size
        Rows per pass through the network; None is the method's.
    device
        Where to run.

    Returns
    -------
    Maps
        The maps of the shuffles.

    Raises
    ------
    UserError
        If the model is not the one the maps were made with.
    """
    chosen = options(maps, batch_size=batch_size, device=device)
    network, target = _network(maps, model)
    header = _header(maps, count=count, seed=seed)
    described = Sequences([f"shuffle_{number}" for number in range(count)], {})
    with (
        progress.counter(f"maps of shuffles, {maps.header.provenance.target}") as tell,
        writer.begin(out, header, described, overwrite=True) as made,
    ):
        for rows in made.missing():
            codes = _shuffled(maps, rows, count=count, seed=seed)
            made.write(rows, attributing.block(chosen, network, codes, target=target))
            tell(rows.stop, count)
    return store.open(out)


def options(maps: Maps, **settings: Any) -> Attribute:  # noqa: ANN401
    """Take up the method that made maps.

    Parameters
    ----------
    maps
        The maps.
    **settings
        ``batch_size`` and ``device``.

    Returns
    -------
    Attribute
        The method and its options, as `cislens attribute` takes them.

    Raises
    ------
    UserError
        If it is no method of this version, such as a consensus of others.
    """
    work = maps.header.provenance
    chosen: dict[str, Any] = {"method": work.method, "gauge": work.gauge, "seed": work.seed}
    try:
        if work.options:
            kind = type(getattr(MethodOptions(), work.method))
            chosen[work.method] = kind(**work.options)
        if work.method not in attribution.METHODS:
            raise AttributeError(work.method)
        return Attribute(**chosen, **settings)
    except (AttributeError, TypeError) as error:
        raise UserError(
            f"{maps.path}: made by {work.method}, which cannot be made of shuffled sequences; give "
            "maps of a method with --name"
        ) from error


def _network(maps: Maps, model: Path) -> tuple[nn.Module, int]:
    """Load the network that maps were made with, and find the number of their target."""
    if not model.exists():
        raise UserError(
            f"{model}: no such file; wants the model that {maps.path} was made with, to make maps "
            "of shuffled sequences"
        )
    loaded = checkpoint.load(model)
    if fingerprint.of(loaded.model, loaded.recipe) != maps.header.provenance.model:
        raise UserError(
            f"{maps.path}: made with other weights than {model} has now; make the maps again with "
            "`cislens attribute`"
        )
    work = maps.header.provenance
    network = explained.of_numbers(loaded, model)
    network = inputs.BothStrands(network) if work.both_strands else network
    return network, list(loaded.recipe.tasks).index(work.target)


def _header(maps: Maps, *, count: int, seed: int) -> Header:
    work = maps.header.provenance
    provenance = dataclasses.replace(
        work,
        sequences=f"{count} dinucleotide shuffles, seed {seed}, of {work.sequences}",
        selection=f"{count} dinucleotide shuffles of {work.selection}",
    )
    return dataclasses.replace(
        maps.header,
        sequences=count,
        chromosomes=(),
        motifs=(),
        provenance=provenance,
        complete=False,
        gauge="",
        reference="",
        notes=(),
    )


def _shuffled(maps: Maps, rows: slice, *, count: int, seed: int) -> Codes:
    """Shuffle anew for each block, so that work that goes on draws the same."""
    numbers = np.arange(rows.start, rows.stop)
    spread = count <= len(maps)
    sources = numbers * len(maps) // count if spread else numbers % len(maps)
    rng = np.random.default_rng([seed, rows.start])
    return shuffle.dinucleotide(maps.codes(sources), rng=rng)
