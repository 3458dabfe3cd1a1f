"""Motifs that maps show: seqlets against shuffled sequences, clusters, names."""

import numpy as np
import pandas as pd

from cislens.maps.store import ALL_BASES, Maps
from cislens.motifs import clusters, effects, seqlets
from cislens.motifs.clusters import Cluster, Windows
from cislens.pipeline import (
    discovered,
    folder,
    merged,
    motif_names,
    patterns,
    shuffled_maps,
    task_effects,
)
from cislens.pipeline.discover_options import Discover
from cislens.pipeline.motif_names import Known, Motif
from cislens.sequence import meme
from cislens.sequence.alphabet import RNA

SIGNS = {1: "pos", -1: "neg"}


def run(chosen: Discover) -> str:
    """Find the motifs of every map store of a run that was asked for.

    Parameters
    ----------
    chosen
        The options of `cislens discover`.

    Returns
    -------
    str
        One line a model and target, for the user.

    Raises
    ------
    UserError
        If maps, models and motif database do not fit each other.
    """
    stores = discovered.stores(chosen.run, name=chosen.name, targets=chosen.targets)
    known = motif_names.known(chosen.motifs)
    lines = [_target(chosen, maps, known) for maps in stores]
    folder.write_options(chosen.run / "discover.yaml", chosen)
    if any(len(found.table) for found in discovered.read(chosen.run)):
        table = merged.write([chosen.run], chosen.run / discovered.FOLDER, chosen.motifs)
        lines.append(merged.text(table))
    return "\n".join(lines)


def called(maps: Maps, scale: float, chosen: Discover) -> pd.DataFrame:
    """Call the seqlets of a store of maps, block by block.

    Parameters
    ----------
    maps
        The maps.
    scale
        What their values are divided by.
    chosen
        The options of `cislens discover`.

    Returns
    -------
    pandas.DataFrame
        As `seqlets.call` gives it, rows counted through the store.
    """
    tables = []
    for rows in maps.blocks():
        table = seqlets.call(maps.projected(rows) / scale, chosen.seqlets)
        tables.append(table.assign(row=table["row"] + rows.start))
    return pd.concat(tables, ignore_index=True)


def _target(chosen: Discover, maps: Maps, known: Known) -> str:
    """Find, name and write the motifs of one target of one model."""
    out = discovered.place(chosen.run, maps)
    null = shuffled_maps.make(
        maps,
        chosen.run / "models" / discovered.model(maps) / "model.safetensors",
        out / discovered.NULL,
        count=chosen.shuffled,
        seed=chosen.seed,
        batch_size=chosen.batch_size,
        device=chosen.device,
    )
    if chosen.engine == "modisco":
        kept, motifs, reason = patterns.find(maps, chosen)
    else:
        (out / patterns.FILE).unlink(missing_ok=True)
        kept, motifs, reason = _clustered(chosen, maps, null)
    _write(chosen, maps, kept, motifs)
    _write_effects(chosen, maps, kept, motifs)
    table = motif_names.write(out, motifs, known, chosen.motifs, alphabet=maps.header.alphabet)
    told = _text(len(kept), table) if motifs else f"no motif, as {reason}"
    return f"{discovered.model(maps)}, {maps.header.provenance.target}: {told}"


def _clustered(chosen: Discover, maps: Maps, null: Maps) -> tuple[pd.DataFrame, list[Motif], str]:
    """Call seqlets against shuffled sequences and join them; say why where there is nothing."""
    scale = seqlets.scale(maps.projected(rows) for rows in maps.blocks())
    found = seqlets.significance(
        called(maps, scale, chosen),
        called(null, scale, chosen),
        sequences=len(maps),
        null_sequences=len(null),
    )
    kept = found[found["q"] <= chosen.seqlets.fdr].sort_values(
        "score", ascending=False, kind="stable", ignore_index=True
    )
    reason = f"too few of {len(kept)} seqlets are alike"
    if kept.empty:
        best = f"; the best of {len(found)} has q {found['q'].min():.2g}" if len(found) else ""
        reason = f"no stretch stands out from shuffled sequences{best}"
    return kept, _motifs(maps, kept, chosen), reason


def _motifs(maps: Maps, kept: pd.DataFrame, chosen: Discover) -> list[Motif]:
    """Join seqlets of one sign, and tell apart what acts on different tasks."""
    motifs = []
    stores = task_effects.siblings(chosen.run, maps)
    for sign, word in SIGNS.items():
        mine = np.flatnonzero(kept["sign"] == sign)[: chosen.clusters.most]
        windows = _windows(maps, kept.iloc[mine], chosen.clusters.cut)
        found = clusters.find(windows, chosen.clusters, both_strands=maps.header.alphabet != RNA)
        parts = [
            clusters.part(windows, cluster, members)
            for cluster in found
            for members in effects.split(
                _effects(stores, kept.iloc[mine[cluster.members]], cluster, chosen),
                least=chosen.clusters.least,
            )
        ]
        parts.sort(key=lambda cluster: -len(cluster.members))
        for number, cluster in enumerate(parts, start=1):
            name = f"{word}{number}"
            motifs.append(Motif(name, sign, cluster, cluster.pwm(name), mine[cluster.members]))
    return motifs


def _effects(
    stores: list[Maps], kept: pd.DataFrame, cluster: Cluster, chosen: Discover
) -> np.ndarray:
    """Measure what the members of a motif do to each task."""
    begins = _middles(kept) - chosen.clusters.cut // 2 + cluster.starts
    ends = begins + cluster.counts.shape[1]
    return task_effects.measure(stores, kept["row"].to_numpy(), begins, ends)


def _write_effects(chosen: Discover, maps: Maps, kept: pd.DataFrame, motifs: list[Motif]) -> None:
    """Write the mean effect of each motif on each task, where there are several."""
    stores = task_effects.siblings(chosen.run, maps)
    path = discovered.place(chosen.run, maps) / "effects.csv"
    if len(stores) < 2:
        path.unlink(missing_ok=True)
        return
    rows = [
        (motif.name, other.header.provenance.target, float(effect))
        for motif in motifs
        for other, effect in zip(
            stores,
            _effects(stores, kept.iloc[motif.seqlets], motif.cluster, chosen).mean(axis=0),
            strict=True,
        )
    ]
    folder.write_table(path, pd.DataFrame(rows, columns=["motif", "task", "effect"]))


def _windows(maps: Maps, kept: pd.DataFrame, width: int) -> Windows:
    """Cut the surroundings of seqlets out of the maps, block by block."""
    codes = np.zeros((len(kept), width), np.uint8)
    values = np.zeros((len(kept), 4, width), np.float32)
    row, middle = kept["row"].to_numpy(), _middles(kept)
    for rows in maps.blocks():
        here = np.flatnonzero((row >= rows.start) & (row < rows.stop))
        if len(here):
            every = maps.gauge in ALL_BASES
            whole = maps.hypothetical(rows) if every else discovered.contributions(maps, rows)
            cut = clusters.cut_out(
                maps.codes(rows), whole, row[here] - rows.start, middle[here], width
            )
            codes[here], values[here] = cut
    return Windows(codes, values)


def _middles(kept: pd.DataFrame) -> np.ndarray:
    middles: np.ndarray = (kept["start"].to_numpy() + kept["end"].to_numpy()) // 2
    return middles


def _write(chosen: Discover, maps: Maps, kept: pd.DataFrame, motifs: list[Motif]) -> None:
    """Write motifs and seqlets."""
    out = discovered.place(chosen.run, maps)
    meme.write(out / "motifs.meme", [m.pwm for m in motifs], alphabet=maps.header.alphabet)
    arrays = {m.name: m.cluster.contributions for m in motifs}
    arrays |= {f"{m.name}.hypothetical": m.cluster.hypothetical for m in motifs}
    discovered.write_contributions(out / "contributions.npz", arrays)
    sited = _sited(kept, motifs, chosen.clusters.cut)
    ids = np.array(maps.ids, dtype=object)
    folder.write_table(
        out / "seqlets.csv", sited.assign(sequence=ids[sited["row"].to_numpy()]).drop(columns="row")
    )
    sites = sited.assign(name=sited["motif"], score=(1000 * (1 - sited["q"].fillna(1))).astype(int))
    discovered.write_bed(out / "seqlets.bed", maps, sites)


def _sited(kept: pd.DataFrame, motifs: list[Motif], cut: int) -> pd.DataFrame:
    """Say of each seqlet which motif it belongs to, and where that begins and ends."""
    sited = kept.assign(motif="", strand=".", motif_start=-1, motif_end=-1, cosine=np.nan)
    first = _middles(kept) - cut // 2
    for motif in motifs:
        at, cluster = motif.seqlets, motif.cluster
        begins = first[at] + cluster.starts
        sited.loc[at, "motif"] = motif.name
        sited.loc[at, "strand"] = np.where(cluster.flipped, "-", "+")
        sited.loc[at, "motif_start"] = begins
        sited.loc[at, "motif_end"] = begins + motif.pwm.width
        sited.loc[at, "cosine"] = cluster.cosines.astype(float)
    return sited


def _text(count: int, table: pd.DataFrame) -> str:
    """Say what was found."""
    named = ", ".join(f"{row.label or row.consensus} ({row.seqlets})" for row in table.itertuples())
    word = "motif" if len(table) == 1 else "motifs"
    return f"{len(table)} {word} of {count} seqlets: {named}"
