"""Data of the rerun of Tseng et al. 2020: simulated sequences, and binding of yeast factors."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import memelite
import numpy as np
from jaxtyping import Bool, Int, UInt8

from cislens.data import dataset
from cislens.data.dataset import SequenceDataset
from cislens.errors import UserError
from cislens.jobs.store import Place
from cislens.motifs import database
from cislens.pipeline import building, genome_options, options
from cislens.sequence import alphabet
from cislens.sequence import onehot as onehots
from cislens.sequence.pwm import Pwm
from cislens.simulation import background, embed

Options = Mapping[str, Any]
DATA = "data.zarr"
EXPLAINED = "explained.npz"
SEED = 20200219
SITE_P = 1e-4


class Chosen(NamedTuple):
    """Test sequences to explain.

    Attributes
    ----------
    rows
        Their places in the view of the test split, shape ``(n,)``.
    targets
        Which task of each is explained, shape ``(n,)``.
    sites
        Which bases belong to a motif of that task, shape ``(n, length)``.
    """

    rows: Int[np.ndarray, " n"]
    targets: Int[np.ndarray, " n"]
    sites: Bool[np.ndarray, "n length"]


def chosen(source: Path, count: int) -> Chosen:
    """Read which sequences of a dataset are explained.

    Parameters
    ----------
    source
        Folder of a piece of this module.
    count
        How many, as evenly over tasks as can be.

    Returns
    -------
    Chosen
        The first of each task.
    """
    with np.load(source / EXPLAINED, allow_pickle=False) as file:
        rows, targets, sites = file["rows"], file["targets"], file["sites"]
    share = -(-count // len(np.unique(targets)))
    kept = np.concatenate([np.flatnonzero(targets == t)[:share] for t in np.unique(targets)])
    return Chosen(rows[kept], targets[kept], sites[kept])


def simulate(given: Options, place: Place) -> dict[str, Any]:
    """Plant motifs in every second sequence; options: length, motifs, bound, gc, sequences."""
    rng = np.random.default_rng(SEED)
    motifs = motifs_of("jaspar2016", "vertebrates", given["motifs"])
    writer = dataset.create(
        place.out / DATA,
        length=given["length"],
        alphabet=alphabet.DNA,
        tasks=("positive",),
        target_kind="binary",
        provenance={"format": "simulation", "task": "tseng2020", **given},
    )
    with writer:
        for split, share in (("train", 1.0), ("validation", 0.2), ("test", 0.2)):
            count = round(share * given["sequences"])
            # Only training data are confounded: what a network relies on shows in the others.
            gc = given["gc"] if split == "train" else 0.5
            codes, sites = _planted(given, motifs, count=count, gc=gc, rng=rng)
            writer.append(
                codes,
                (np.arange(count)[:, None] % 2 == 0).astype(np.float32),
                ids=[f"{split}{number}" for number in range(count)],
                split=split,
            )
    rows = np.arange(0, count, 2)
    write_chosen(place.out, Chosen(rows, np.zeros_like(rows), sites[rows]))
    return {}


def yeast(given: Options, place: Place) -> dict[str, Any]:
    """Bin a genome by the peaks of some factors; options: genome, peaks, factors, bins, splits."""
    building.write(
        Path(given["genome"]),
        genome_options.GenomeOptions(
            peaks=genome_options.PeakOptions(files=[Path(path) for path in given["peaks"]]),
            bins=genome_options.BinOptions(**given["bins"]),
        ),
        place.out / DATA,
        split=options.SplitOptions(by="chromosome", **given["split"]),
        seed=SEED,
    )
    stored = dataset.open(place.out / DATA)
    motifs = motifs_of("jaspar2024", "fungi", given["factors"])
    write_chosen(place.out, _bound(stored, motifs))
    return {}


def _bound(stored: SequenceDataset, motifs: Sequence[Pwm]) -> Chosen:
    """Find the test sequences that a factor binds and that hold its motif."""
    view = stored.view("test")
    names = [task.split("_")[0].upper() for task in stored.tasks]
    found = []
    for motif in motifs:
        task = names.index(motif.label.upper())
        rows = np.flatnonzero(view.targets[:, task] == 1)
        sites = motif_sites(view[rows], motif)
        held = sites.any(axis=1)
        found.append(Chosen(rows[held], np.full(held.sum(), task), sites[held]))
    return Chosen(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def motif_sites(codes: UInt8[np.ndarray, "n length"], motif: Pwm) -> Bool[np.ndarray, "n length"]:
    """Mark where a motif scores as 1 in 10,000 random sites do, on either strand."""
    sites = np.zeros(codes.shape, dtype=bool)
    (hits,) = memelite.fimo(
        {motif.name: motif.probabilities},
        onehots.from_codes(codes).numpy(),
        threshold=SITE_P,
    )
    for row, start, end in hits[["sequence_name", "start", "end"]].to_numpy(dtype=np.int64):
        sites[row, start:end] = True
    return sites


def write_chosen(out: Path, found: Chosen) -> None:
    np.savez_compressed(out / EXPLAINED, **found._asdict())


def motifs_of(release: str, taxon: str, names: Sequence[str]) -> list[Pwm]:
    known = {motif.label.upper(): motif for motif in database.load(release, taxon=taxon)}
    if missing := [name for name in names if name.upper() not in known]:
        raise UserError(f"{', '.join(missing)}: no motif of that name in {release}, {taxon}")
    return [known[name.upper()] for name in names]


def _planted(
    given: Options, motifs: list[Pwm], *, count: int, gc: float, rng: np.random.Generator
) -> tuple[np.ndarray, Bool[np.ndarray, "_ _"]]:
    """Draw sequences, every second with motifs near its centre; gives where they are."""
    length, bound = given["length"], given["bound"]
    draw = partial(background.sample, sequences=count, length=length, rng=rng)
    codes, positives = draw(background.with_gc(0.5)), draw(background.with_gc(gc))[::2]
    widest = max(motif.width for motif in motifs)
    first = max(0, (length - widest) // 2 - bound)
    layout = embed.Layout(
        counts=(0.0, *[1 / len(motifs)] * len(motifs)), window=(first, length - first)
    )
    codes[::2], planted = embed.plant(positives, motifs, layout=layout, rng=rng)
    sites = np.zeros((count, length), dtype=bool)
    table = planted.table
    for row, start, end in zip(table["sequence"], table["start"], table["end"], strict=True):
        sites[2 * row, start:end] = True
    return codes, sites


PIECES = {"simulate": simulate, "yeast": yeast}
"""Functions that may be pieces."""
