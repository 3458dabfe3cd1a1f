"""Motifs in the maps of trials of Tseng et al. 2020: how many there are, and how many are known."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int
from safetensors import numpy as safetensors

from cislens.benchmarks import _tseng_data, _tseng_profiles, _tseng_trials
from cislens.benchmarks._tseng_counts import ENGINES
from cislens.data import dataset
from cislens.jobs.store import Place
from cislens.models import checkpoint
from cislens.motifs import clusters, database, modisco, seqlets, tomtom
from cislens.motifs.discovery import ClusterOptions, ModiscoOptions, SeqletOptions
from cislens.sequence import onehot as onehots
from cislens.sequence import shuffle
from cislens.sequence.pwm import Pwm
from cislens.sequence.shapes import Codes

Options = Mapping[str, Any]
METHOD = "DeepSHAP"
MATCHED_FROM = 0.05
"""Largest E-value of a match in the whole database."""


def count(given: Options, place: Place) -> dict[str, Any]:
    """Look for motifs in the maps of a trial.

    Options: labels, seed, mapped, engine, database, taxon, own (names of motifs that are there).
    """
    trial, source = (result.folder for result in place.needed)
    chosen = _tseng_data.chosen(source, given["mapped"])
    codes = dataset.open(source / _tseng_data.DATA).view("test")[chosen.rows]
    maps = safetensors.load_file(trial / _tseng_trials.MAPS)[METHOD]
    if given["engine"] == "modisco":
        found = [p.cluster.pwm(str(n)) for n, p in enumerate(_patterns(codes, maps))]
    else:
        null = _shuffled(place, codes, chosen.targets)
        found = _clustered((codes, maps), null)
    known = database.load(given["database"], taxon=given["taxon"])
    values = _counted(found, known, [name.upper() for name in given["own"]])
    return {"records": _tseng_trials.as_records(given, ENGINES[given["engine"]], values)}


def _patterns(codes: Codes, maps: np.ndarray) -> list[modisco.Pattern]:
    return modisco.find(codes, maps, ModiscoOptions()).patterns


def _shuffled(
    place: Place, codes: Codes, targets: Int[np.ndarray, " n"]
) -> tuple[Codes, np.ndarray]:
    """Shuffle the sequences and explain them as the trial did."""
    loaded = checkpoint.load(place.needed[0].folder / _tseng_trials.MODEL)
    null = shuffle.dinucleotide(codes, rng=np.random.default_rng(_tseng_data.SEED))
    onehot, methods = onehots.from_codes(null), {METHOD: _tseng_trials.deepshap}
    is_profile = loaded.recipe.objective == "profile"
    explained = _tseng_profiles.explained if is_profile else _tseng_trials.explained
    return null, explained(loaded.model, onehot, targets, methods=methods)[METHOD]


def _clustered(found: tuple[Codes, np.ndarray], null: tuple[Codes, np.ndarray]) -> list[Pwm]:
    """Call seqlets against shuffled sequences and join them, as `cislens discover` does."""
    codes, maps = found
    scale = seqlets.scale([_projected(*found)])
    calls, decoys = (
        seqlets.call(_projected(*each) / scale, SeqletOptions()) for each in (found, null)
    )
    kept = seqlets.significance(calls, decoys, sequences=len(codes), null_sequences=len(null[0]))
    kept = kept[kept["q"] <= SeqletOptions().fdr].sort_values(
        "score", ascending=False, kind="stable"
    )
    options = ClusterOptions()
    motifs = []
    for sign, table in kept.groupby("sign"):
        middles = (table["start"].to_numpy() + table["end"].to_numpy()) // 2
        windows = clusters.cut_out(codes, maps, table["row"].to_numpy(), middles, options.cut)
        joined = clusters.find(windows, options, both_strands=True)
        motifs += [cluster.pwm(f"{sign} {n}") for n, cluster in enumerate(joined)]
    return motifs


def _projected(codes: Codes, maps: np.ndarray) -> np.ndarray:
    tracks: np.ndarray = (maps * onehots.from_codes(codes).numpy()).sum(axis=1)
    return tracks


def _counted(found: list[Pwm], known: list[Pwm], own: list[str]) -> dict[str, float]:
    """Count motifs, those that match a known one, and those that match one that is there."""
    if not found:
        return dict.fromkeys(("motifs", "motifs, known", "motifs, own", "own motifs found"), 0.0)
    matches = tomtom.match(found, known, e_threshold=MATCHED_FROM)
    share = tomtom.explained(matches, found, known)
    sure = matches[share >= tomtom.NAMED_FROM]
    mine = sure[sure["target_label"].str.upper().isin(own)]
    return {
        "motifs": float(len(found)),
        "motifs, known": float(sure["query"].nunique()),
        "motifs, own": float(mine["query"].nunique()),
        "own motifs found": float(mine["target_label"].str.upper().nunique()),
    }


PIECES = {"count": count}
"""Functions that may be pieces."""
