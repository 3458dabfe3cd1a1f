"""Where discovered motifs stand in a run folder, and how they are read again."""

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens import attribution, files
from cislens.errors import UserError
from cislens.maps import store
from cislens.maps.store import Maps
from cislens.pipeline import folder
from cislens.sequence import meme, npz
from cislens.sequence.pwm import Pwm

MAPS = "attributions"
FOLDER = "motifs"
NULL = "shuffled.zarr"


class Found(NamedTuple):
    """The motifs of one target of one model."""

    path: Path
    """Their folder."""
    maps: Maps
    """The maps they were found in."""
    table: pd.DataFrame
    """One row a motif, motifs.csv."""
    pwms: list[Pwm]
    """The motifs, in the order of the table."""
    contributions: list[NDArray[np.float64]]
    """Their mean contributions, in the order of the table."""


def stores(run: Path, *, name: str | None, targets: list[str] | str) -> list[Maps]:
    """Open the maps of a run that motifs may be looked for in.

    Parameters
    ----------
    run
        The run folder.
    name
        Name of the folder of the maps; the only ones where None.
    targets
        Names of targets; all where none is given.

    Returns
    -------
    list of Maps
        By model and target.

    Raises
    ------
    UserError
        If there are none, there are several names and none is given, or a target has no map.
    """
    opened = [store.open(path) for path in sorted((run / MAPS).glob("*/*/*.zarr"))]
    known = [maps for maps in opened if maps.header.provenance.method in attribution.METHODS]
    names = list(dict.fromkeys(label(maps) for maps in known))
    if name is None and len(names) > 1:
        raise UserError(f"name: the run has maps called {', '.join(names)}; choose with --name")
    mine = [maps for maps in known if name in (None, label(maps))]
    if not mine:
        there = f"; there are {', '.join(names)}" if names else ""
        wanted = f" called {name!r}" if name else ""
        raise UserError(
            f"{run / MAPS}: no maps{wanted}{there}; make some with `cislens attribute {run}`"
        )
    return chosen(mine, targets)


def chosen(mine: list[Maps], targets: list[str] | str) -> list[Maps]:
    """Keep the maps of some targets.

    Parameters
    ----------
    mine
        Maps.
    targets
        Names of targets; all where none is given.

    Returns
    -------
    list of Maps
        In order.

    Raises
    ------
    UserError
        If a target has no map.
    """
    named = targets if isinstance(targets, list) else [targets]
    known = list(dict.fromkeys(maps.header.provenance.target for maps in mine))
    for target in named:
        if target not in known:
            raise UserError(
                f"targets: no maps of {target!r}; there are those of {', '.join(known)}"
            )
    return [maps for maps in mine if not named or maps.header.provenance.target in named]


def label(maps: Maps) -> str:
    """Name maps by their folder.

    Parameters
    ----------
    maps
        The maps.

    Returns
    -------
    str
        Such as "deeplift_shap".
    """
    return maps.path.parent.name


def model(maps: Maps) -> str:
    """Name the model of maps by their folder.

    Parameters
    ----------
    maps
        The maps.

    Returns
    -------
    str
        Such as "exponential".
    """
    return maps.path.parents[1].name


def place(run: Path, maps: Maps) -> Path:
    """Name the folder for the motifs of maps.

    Parameters
    ----------
    run
        The run folder.
    maps
        The maps.

    Returns
    -------
    Path
        RUN/motifs/MODEL/NAME/TARGET.
    """
    target = maps.path.name.removesuffix(".zarr")
    return run / FOLDER / model(maps) / label(maps) / target


def contributions(maps: Maps, rows: slice) -> NDArray[np.float32]:
    """Read what the bases of sequences contribute.

    Parameters
    ----------
    maps
        The maps.
    rows
        Which.

    Returns
    -------
    ndarray
        (sequence, 4, base), 0 at the bases that do not stand there.
    """
    found: NDArray[np.float32] = maps.projected(rows)[:, None, :] * maps.onehot(rows)
    return found


def read(run: Path) -> list[Found]:
    """Read all motifs that were discovered in a run.

    Parameters
    ----------
    run
        The run folder.

    Returns
    -------
    list of Found
        By model, name and target; maps without a motif are among them.

    Raises
    ------
    UserError
        If there are none, or files are missing or broken.
    """
    tables = sorted((run / FOLDER).glob("*/*/*/motifs.csv"))
    if not tables:
        raise UserError(f"{run / FOLDER}: no motifs; find some with `cislens discover {run}`")
    return [_found(run, table) for table in tables]


def _found(run: Path, path: Path) -> Found:
    table = pd.read_csv(path, keep_default_na=False, na_values={"q": [""], "e": [""], "p": [""]})
    source, name, target = path.parent.parts[-3:]
    maps = store.open(run / MAPS / source / name / f"{target}.zarr")
    motifs = meme.read(path.with_name("motifs.meme")) if len(table) else []
    if [motif.name for motif in motifs] != [str(given) for given in table["name"]]:
        raise UserError(
            f"{path}: other motifs than in motifs.meme beside it; run `cislens discover` again"
        )
    return Found(path.parent, maps, table, motifs, _contributions(path, table))


def _contributions(path: Path, table: pd.DataFrame) -> list[NDArray[np.float64]]:
    beside = path.with_name("contributions.npz")
    try:
        with np.load(beside, allow_pickle=False) as arrays:
            return [arrays[str(name)] for name in table["name"]]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UserError(
            f"{beside}: missing or broken ({error}); run `cislens discover` again"
        ) from error


def write_contributions(path: Path, arrays: dict[str, NDArray[np.float64]]) -> None:
    """Write mean contributions.

    Parameters
    ----------
    path
        The NPZ file.
    arrays
        Mean contributions (4, width) by name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.whole(path) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name, values in arrays.items():
            npz.stream(archive, name, shape=values.shape, blocks=[values])


def write_bed(path: Path, maps: Maps, sites: pd.DataFrame) -> None:
    """Write sites as BED, in the genome where the sequences have intervals.

    Parameters
    ----------
    path
        The file: chromosome (or name of the sequence where it has no interval), start, end, name,
        score, strand, and the name of the sequence.
    maps
        The maps they were found in.
    sites
        Columns row, start and end (in the sequence), name, score (0 to 1000) and strand.
    """
    located = in_genome(maps, sites)
    columns = ["chrom", "start", "end", "name", "score", "strand", "sequence"]
    lines = located[columns].sort_values(["chrom", "start", "end"], kind="stable")
    text = "".join("\t".join(map(str, line)) + "\n" for line in lines.to_numpy().tolist())
    folder.write_text(path, text)


def in_genome(maps: Maps, sites: pd.DataFrame) -> pd.DataFrame:
    """Turn places in sequences into places in the genome.

    Parameters
    ----------
    maps
        The maps they were found in.
    sites
        Columns row, start, end and strand.

    Returns
    -------
    pandas.DataFrame
        The same rows with chrom, start, end and strand in the genome, and the name of the sequence;
        sequences without an interval are chromosomes of their own. On a sequence of the minus
        strand, places are counted from its end.
    """
    row, start, end = (sites[name].to_numpy(np.int64) for name in ("row", "start", "end"))
    strand = sites["strand"].to_numpy(object)
    ids = np.array(maps.ids, dtype=object)[row]
    if (places := maps.places) is None:
        return sites.assign(chrom=ids, sequence=ids)
    known = (places.chrom[row] != "") & (places.start[row] >= 0)
    turned = known & (places.strand[row] == "-")
    flipped = np.array([{"+": "-", "-": "+"}.get(one, ".") for one in strand], dtype=object)
    return sites.assign(
        chrom=np.where(known, places.chrom[row], ids),
        start=np.where(
            turned, places.end[row] - end, np.where(known, places.start[row], 0) + start
        ),
        end=np.where(turned, places.end[row] - start, np.where(known, places.start[row], 0) + end),
        strand=np.where(turned, flipped, strand),
        sequence=ids,
    )
