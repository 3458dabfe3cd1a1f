"""One table of the motifs of filters and maps, over networks, seeds and runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cislens.errors import UserError
from cislens.maps import store
from cislens.motifs import merging
from cislens.pipeline import discovered, folder, motif_names, progress
from cislens.pipeline.discover_options import Merge
from cislens.pipeline.options import MotifOptions
from cislens.sequence import alphabet as alphabets
from cislens.sequence import meme
from cislens.sequence import pwm as pwms
from cislens.sequence.alphabet import DNA, RNA, Alphabet
from cislens.sequence.pwm import Pwm

COLUMNS = [
    "name", "label", "family", "target", "e", "q", "consensus", "information", "trainings",
    "of_trainings", "sources", "tasks", "members", "found_as",
]  # fmt: skip


class Member(NamedTuple):
    """A motif and where it was found."""

    training: str
    """Run and model."""
    source: str
    """ "filters", or the name of the maps."""
    task: str
    """Target of the maps; empty for filters."""
    pwm: Pwm


def run(chosen: Merge) -> str:
    """Merge the motifs of runs.

    Parameters
    ----------
    chosen
        The options of `cislens merge`.

    Returns
    -------
    str
        A line for the user.

    Raises
    ------
    UserError
        If there is no run, none has motifs, or they are of DNA and RNA.
    """
    runs = chosen.runs if isinstance(chosen.runs, list) else [chosen.runs]
    if not runs:
        raise UserError("runs: none is named; give one run folder or more")
    table = write(runs, chosen.out, chosen.motifs, same=chosen.same)
    return text(table)


def write(
    runs: Sequence[Path], out: Path, chosen: MotifOptions, *, same: float = merging.SAME
) -> pd.DataFrame:
    """Merge the motifs of runs and write them.

    Parameters
    ----------
    runs
        Run folders.
    out
        The folder, which gets merged.csv and merged.meme.
    chosen
        Which known motifs give the names.
    same
        Least mean cosine of motifs that are one.

    Returns
    -------
    pandas.DataFrame
        One row a motif, those found in most trainings first.

    Raises
    ------
    UserError
        If no run has motifs, or they are of DNA and RNA.
    """
    found = [_members(path, several=len(runs) > 1) for path in runs]
    members = [member for some, _ in found for member in some]
    kinds = {kind.name: kind for _, kind in found}
    if not members:
        raise UserError(
            f"{', '.join(map(str, runs))}: no motifs; find some with `cislens filters` or "
            "`cislens discover`"
        )
    if len(kinds) > 1:
        raise UserError(f"runs: of {' and '.join(kinds)}; merge those of one alphabet")
    (alphabet,) = kinds.values()
    progress.step(f"merging {len(members)} motifs")
    table, motifs = _merged(members, chosen, alphabet=alphabet, same=same)
    folder.write_table(out / "merged.csv", table)
    meme.write(out / "merged.meme", motifs, alphabet=alphabet)
    return table


def text(table: pd.DataFrame) -> str:
    """Sum up a merged table.

    Parameters
    ----------
    table
        What `write` gave.

    Returns
    -------
    str
        How many motifs there are, and those found by most trainings.
    """
    several = table[(table["members"] > 1) & (table["label"] != "")].drop_duplicates("label")
    named = ", ".join(
        f"{row.label} ({row.trainings} of {row.of_trainings})"
        for row in several.head(10).itertuples()
    )
    return f"{len(table)} motifs after merging" + (
        f"; named ones and the trainings that found them: {named}" if named else ""
    )


def _members(run: Path, *, several: bool) -> tuple[list[Member], Alphabet]:
    """Read the motifs of filters and maps of a run."""
    prefix = f"{run.name}/" if several else ""
    kind = _alphabet(run)
    members = []
    for place in folder.models(run):
        path = place / "filters.meme"
        if path.exists() and "\nMOTIF " in path.read_text(encoding="utf-8"):
            members += [
                Member(f"{prefix}{place.name}", "filters", "", motif) for motif in meme.read(path)
            ]
    if list((run / discovered.FOLDER).glob("*/*/*/motifs.csv")):
        for found in discovered.read(run):
            maps = found.maps
            training = f"{prefix}{discovered.model(maps)}"
            task = maps.header.provenance.target
            members += [
                Member(training, discovered.label(maps), task, motif) for motif in found.pwms
            ]
    return members, kind


def _alphabet(run: Path) -> Alphabet:
    path = run / "data.json"
    if path.exists():
        return alphabets.by_name(folder.read_json(path)["alphabet"])
    stores = list((run / discovered.MAPS).glob("*/*/*.zarr"))
    return store.open(stores[0]).header.alphabet if stores else DNA


def _merged(
    members: Sequence[Member], chosen: MotifOptions, *, alphabet: Alphabet, same: float
) -> tuple[pd.DataFrame, list[Pwm]]:
    both = alphabet != RNA
    motifs = [member.pwm for member in members]
    likeness = merging.likeness(motifs, both_strands=both)
    groups = merging.groups(motifs, both_strands=both, same=same)
    trainings = len({member.training for member in members})
    order = sorted(groups, key=lambda group: -len({members[i].training for i in group}))
    central = [group[likeness[np.ix_(group, group)].sum(axis=1).argmax()] for group in order]
    named = [
        Pwm(f"motif{n}", motifs[i].probabilities, background=motifs[i].background)
        for n, i in enumerate(central, start=1)
    ]
    known = motif_names.known(chosen)
    matches = motif_names.matches(named, known, chosen, alphabet=alphabet)
    sure = matches[matches["e"] <= chosen.e_threshold].drop_duplicates("query")
    names = {match["query"]: match for match in sure.to_dict("records")}
    rows = []
    for motif, group in zip(named, order, strict=True):
        match = names.get(motif.name, {})
        rows.append(
            {
                **_row(motif, [members[i] for i in group], trainings),
                "consensus": pwms.consensus(motif, alphabet=alphabet),
                "label": match.get("target_label", ""),
                "family": known.families.get(match.get("target", ""), ""),
                "target": match.get("target", ""),
                "e": match.get("e", np.nan),
                "q": match.get("q", np.nan),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS), named


def _row(motif: Pwm, mine: list[Member], trainings: int) -> dict[str, Any]:
    places: dict[str, list[str]] = {}
    for member in mine:
        where = "/".join(part for part in (member.training, member.source, member.task) if part)
        places.setdefault(where, []).append(member.pwm.name)
    return {
        "name": motif.name,
        "information": float(pwms.information(motif).sum()),
        "trainings": len({member.training for member in mine}),
        "of_trainings": trainings,
        "sources": ", ".join(dict.fromkeys(member.source for member in mine)),
        "tasks": ", ".join(dict.fromkeys(member.task for member in mine if member.task)),
        "members": len(mine),
        "found_as": "; ".join(f"{where}: {', '.join(names)}" for where, names in places.items()),
    }
