"""Hits of discovered motifs in the maps they were found in, with FIMO's beside."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.errors import UserError
from cislens.maps import store, truth
from cislens.maps.store import Maps
from cislens.motifs import hits
from cislens.pipeline import annotating, discovered, folder, progress
from cislens.pipeline.discover_options import Hits
from cislens.pipeline.discovered import Found
from cislens.sequence.alphabet import RNA


def run(chosen: Hits) -> str:
    """Call the hits of every motif that was discovered in a run.

    Parameters
    ----------
    chosen
        The options of `cislens hits`.

    Returns
    -------
    str
        One line a model and target, for the user.

    Raises
    ------
    UserError
        If there are no motifs, or annotation and sequences do not fit each other.
    """
    found = discovered.read(chosen.run)
    names = list(dict.fromkeys(discovered.label(one.maps) for one in found))
    if chosen.name is not None and chosen.name not in names:
        raise UserError(
            f"name: no motifs of maps called {chosen.name!r}; there are {', '.join(names)}"
        )
    kept = discovered.chosen([one.maps for one in found], chosen.targets)
    paths = {maps.path for maps in kept}
    lines = [
        _target(chosen, one)
        for one in found
        if one.maps.path in paths and chosen.name in (None, discovered.label(one.maps))
    ]
    folder.write_options(chosen.run / "hits.yaml", chosen)
    return "\n".join([*lines, *_undone(chosen, kept)])


def _undone(chosen: Hits, kept: list[Maps]) -> list[str]:
    """Name the maps asked for that a discovery has not come to, though it has to some like them."""
    tables = (chosen.run / discovered.FOLDER).glob("*/*/*/motifs.csv")
    done = {table.parent.parts[-3:] for table in tables}
    names = {name for _, name, _ in done if chosen.name in (None, name)}
    targets = {maps.path.stem for maps in kept} if chosen.targets else None
    missing = [
        f"{path.stem} ({path.parts[-2]} of {path.parts[-3]})"
        for path in sorted((chosen.run / discovered.MAPS).glob("*/*/*.zarr"))
        if (path.parts[-3], path.parts[-2], path.stem) not in done
        and path.parts[-2] in names
        and (targets is None or path.stem in targets)
    ]
    if not missing:
        return []
    return [f"not done: {', '.join(missing)}; find their motifs with `cislens discover` first"]


def _target(chosen: Hits, found: Found) -> str:
    """Call and write the hits of one target of one model."""
    maps = found.maps
    start = f"{discovered.model(maps)}, {maps.header.provenance.target}: "
    if found.table.empty:
        return f"{start}no motif, so no hit"
    null = store.open(found.path / discovered.NULL)
    called = hits.significance(
        _scanned(maps, found, chosen),
        _scanned(null, found, chosen),
        sequences=len(maps),
        null_sequences=len(null),
    )
    kept = called[called["q"] <= chosen.hits.fdr].reset_index(drop=True)
    matches = _matched(maps, found, chosen)
    kept = kept.assign(matched=together(kept, matches))
    matches = matches.assign(acting=together(matches, kept))
    table = _table(found, kept, matches)
    said = _planted(maps, kept)
    for path in _paths(chosen):
        _annotate(maps, path, kept, table)
    _write(found, kept, table)
    count, total = len(kept), len(matches)
    acting = f", where {matches['acting'].mean():.0%} of {total} FIMO matches act" if total else ""
    motifs = "1 motif" if len(table) == 1 else f"{len(table)} motifs"
    return f"{start}{count} hits of {motifs}{acting}{said}"


def _scanned(maps: Maps, found: Found, chosen: Hits) -> pd.DataFrame:
    tables = []
    with progress.counter(f"scanning {discovered.model(found.maps)}") as tell:
        for rows in maps.blocks():
            table = hits.scan(
                discovered.contributions(maps, rows),
                found.contributions,
                chosen.hits,
                both_strands=maps.header.alphabet != RNA,
            )
            tables.append(table.assign(row=table["row"] + rows.start))
            tell(rows.stop, len(maps))
    return pd.concat(tables, ignore_index=True)


def _matched(maps: Maps, found: Found, chosen: Hits) -> pd.DataFrame:
    tables = []
    for rows in maps.blocks():
        table = hits.matches(
            maps.codes(rows),
            found.pwms,
            p_threshold=chosen.hits.fimo_p,
            both_strands=maps.header.alphabet != RNA,
        )
        tables.append(table.assign(row=table["row"] + rows.start))
    return pd.concat(tables, ignore_index=True)


def together(these: pd.DataFrame, those: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which sites lie at least half on a site of the same motif in another table.

    Parameters
    ----------
    these
        Columns row, motif and start; sites of a motif have one width.
    those
        The other table.

    Returns
    -------
    ndarray
        One a site of the first, whatever the strands.
    """
    known: dict[tuple[int, int], list[int]] = {}
    for row, motif, start in zip(those["row"], those["motif"], those["start"], strict=True):
        known.setdefault((row, motif), []).append(start)
    half = (these["end"] - these["start"]) // 2
    return np.array(
        [
            any(abs(start - other) <= most for other in known.get((row, motif), ()))
            for row, motif, start, most in zip(
                these["row"], these["motif"], these["start"], half, strict=True
            )
        ],
        dtype=bool,
    )


def _table(found: Found, kept: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Count hits and matches, motif by motif."""
    rows = []
    for number, name in enumerate(found.table["name"]):
        mine, others = kept[kept["motif"] == number], matches[matches["motif"] == number]
        rows.append(
            {
                "name": name,
                "hits": len(mine),
                "sequences": mine["row"].nunique(),
                "contribution": mine["contribution"].mean(),
                "matched": mine["matched"].mean(),
                "matches": len(others),
                "acting": others["acting"].mean(),
            }
        )
    return pd.DataFrame(rows)


def _planted(maps: Maps, kept: pd.DataFrame) -> str:
    """Say how hits fall on planted sites of the target."""
    spans = [
        (row, site.start, site.end) for row in range(len(maps)) for site in truth.sites(maps, row)
    ]
    if not spans:
        return ""
    sites = pd.DataFrame(spans, columns=["row", "start", "end"])
    under, on = np.zeros((2, len(maps), maps.length), bool)
    for mask, table in ((under, kept), (on, sites)):
        for row, start, end in zip(table["row"], table["start"], table["end"], strict=True):
            mask[row, start:end] = True
    precise = annotating.touching(on, kept).mean() if len(kept) else float("nan")
    recalled = annotating.touching(under, sites).mean()
    return (
        f"; {recalled:.0%} of {len(sites)} planted sites have a hit, {precise:.0%} of hits lie on "
        "one"
    )


def _annotate(maps: Maps, path: Path, kept: pd.DataFrame, table: pd.DataFrame) -> None:
    """Add to both tables how hits fall on intervals."""
    mask, name = annotating.covered(maps, path), f"on_{path.stem}"
    kept[name] = annotating.touching(mask, kept)
    width = (kept["end"] - kept["start"]).groupby(kept["motif"]).first()
    share = kept[name].groupby(kept["motif"]).mean()
    table[name] = [share.get(number, np.nan) for number in range(len(table))]
    table[f"{name}_chance"] = [
        annotating.by_chance(mask, int(width[number])) if number in width.index else np.nan
        for number in range(len(table))
    ]


def _paths(chosen: Hits) -> list[Path]:
    paths = chosen.annotation if isinstance(chosen.annotation, list) else [chosen.annotation]
    names = [path.stem for path in paths]
    if twice := [name for name in names if names.count(name) > 1]:
        raise UserError(f"annotation: two files are named {twice[0]!r}; rename one")
    return paths


def _write(found: Found, kept: pd.DataFrame, table: pd.DataFrame) -> None:
    names = found.table["name"].astype(str).to_numpy(object)
    ids = np.array(found.maps.ids, dtype=object)
    named = kept.assign(motif=names[kept["motif"].to_numpy(np.int64)])
    whole = named.assign(sequence=ids[kept["row"].to_numpy(np.int64)]).drop(columns="row")
    folder.write_table(found.path / "hits.csv", whole)
    sites = named.assign(
        name=_titles(found)[kept["motif"].to_numpy(np.int64)],
        score=(1000 * kept["cosine"]).round().astype(int),
    )
    discovered.write_bed(found.path / "hits.bed", found.maps, sites)
    folder.write_table(found.path / "motif_hits.csv", table)


def _titles(found: Found) -> NDArray[np.object_]:
    """Name motifs with their factors, such as pos1.SRF."""
    return np.array(
        [
            f"{name}.{label}".replace(" ", "_") if label else str(name)
            for name, label in zip(found.table["name"], found.table["label"], strict=True)
        ],
        dtype=object,
    )
