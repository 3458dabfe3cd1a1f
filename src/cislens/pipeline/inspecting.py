"""What is in a dataset, and what of it may mislead a model or its scores."""

from collections.abc import Iterator
from typing import Any

from cislens.data import dataset, inspection
from cislens.errors import UserError
from cislens.pipeline import dataset_options, progress

MUCH_N = 0.05
"""Share of unknown bases that is remarked on."""
MUCH_GC = 0.05
"""Difference in GC content between labels that is remarked on."""
NAMED = 3
"""Tasks that a remark names."""


def run(chosen: dataset_options.Inspect) -> dict[str, Any]:
    """Count what a dataset holds.

    Parameters
    ----------
    chosen
        The options of `cislens data inspect`.

    Returns
    -------
    dict[str, Any]
        JSON values: those of `inspection.inspect`, ``similar`` of `inspection.similar` if asked
        for, and ``remarks``, sentences about what a user should know before training.

    Raises
    ------
    UserError
        If there is no dataset, or the place of the page is taken; both are told before counting.
    """
    if chosen.out is not None:
        _check(chosen)
    stored = dataset.open(chosen.data)
    with progress.counter("reading sequences") as tell:
        found = inspection.inspect(stored, tell=tell)
    if chosen.similar:
        with progress.counter("comparing splits") as tell:
            found["similar"] = inspection.similar(stored, tell=tell)
    return {**found, "remarks": remarks(found)}


def remarks(found: dict[str, Any]) -> list[str]:
    """Say what speaks against taking scores on a dataset at their word.

    Parameters
    ----------
    found
        What `inspection.inspect` counted.

    Returns
    -------
    list of str
        Sentences; none where nothing is remarkable.
    """
    rules = (_of_splits, _of_repeats, _of_similar, _of_overlaps, _of_labels, _of_gc, _of_unknown)
    return [text for rule in rules for text in rule(found)]


def _check(chosen: dataset_options.Inspect) -> None:
    """Refuse places that the page cannot take."""
    assert chosen.out is not None
    if chosen.out.suffix != ".html":
        raise UserError(f"out={chosen.out}: a page that ends in .html is wanted")
    if not chosen.out.parent.is_dir():
        raise UserError(f"out={chosen.out}: {chosen.out.parent} is no folder; make it first")
    if chosen.out.exists() and not chosen.overwrite:
        raise UserError(f"out={chosen.out}: exists already; add --overwrite true to replace it")


def _of_splits(found: dict[str, Any]) -> Iterator[str]:
    empty = [name for name, part in found["splits"].items() if not part["sequences"]]
    if empty:
        yield f"No sequence is in {' or in '.join(empty)}."


def _of_repeats(found: dict[str, Any]) -> Iterator[str]:
    repeats = found["duplicates"]
    strands = " on either strand" if found["alphabet"] == "DNA" else ""
    for pair in repeats["across"]:
        if pair["there"] == "train" and pair["sequences"]:
            share = pair["sequences"] / found["splits"][pair["here"]]["sequences"]
            yield (
                f"In train too, letter by letter{strands}: "
                f"{_counted('sequence', pair['sequences'])} of {pair['here']} ({share:.2%}); "
                "scores on these show memory."
            )
    if repeats["conflicting"]:
        yield (
            f"With different targets for the same letters: "
            f"{_counted('sequence', repeats['conflicting'])}, such as "
            f"{' and '.join(repeats['examples'][0][:2])}."
        )


def _of_similar(found: dict[str, Any]) -> Iterator[str]:
    strands = ", on either strand" if found["alphabet"] == "DNA" else ""
    for split, alike in found.get("similar", {}).items():
        if alike["sequences"]:
            share = alike["sequences"] / found["splits"][split]["sequences"]
            name, other, equal = alike["examples"][0]
            yield (
                f"Much like a training sequence (90% of the bases over half of the length or more"
                f"{strands}): {_counted('sequence', alike['sequences'])} of {split} ({share:.2%}), "
                f"such as {name}, {equal:.0%} equal to {other}."
            )


def _of_overlaps(found: dict[str, Any]) -> Iterator[str]:
    for split, count in (found["overlaps"] or {}).items():
        if count:
            share = count / found["splits"][split]["sequences"]
            yield (
                f"Over bases of a training interval: {_counted('interval', count)} of {split} "
                f"({share:.2%}); a split by chromosome keeps them apart."
            )


def _of_labels(found: dict[str, Any]) -> Iterator[str]:
    """Find tasks that cannot be scored in a split."""
    if found["target_kind"] != "binary":
        return
    for split, part in found["splits"].items():
        one = [
            name
            for name, task in found["tasks"].items()
            if task["splits"][split]["mean"] in {None, 0.0, 1.0}
        ]
        if one and part["sequences"]:
            yield (
                f"{split} has no positive or no negative of {_names(one)}: "
                "no AUROC or AUPR can be had there."
            )


def _of_gc(found: dict[str, Any]) -> Iterator[str]:
    both = {
        name: task["gc"]
        for name, task in found["tasks"].items()
        if task["gc"] and None not in task["gc"].values()
    }
    apart = {name: abs(gc["with"] - gc["without"]) for name, gc in both.items()}
    far = sorted((name for name in apart if apart[name] > MUCH_GC), key=apart.__getitem__)[::-1]
    if far:
        gc = both[far[0]]
        yield (
            f"Positives and negatives differ by more than {MUCH_GC * 100:.0f} points of GC content "
            f"for {_names(far)} ({gc['with']:.1%} and {gc['without']:.1%} for {far[0]}): a model "
            "may score well by GC content alone; matched or shuffled negatives do not allow it."
        )


def _of_unknown(found: dict[str, Any]) -> Iterator[str]:
    parts = found["splits"].values()
    bases = found["length"] * found["sequences"]
    unknown = sum((part["n_fraction"] or 0) * part["sequences"] * found["length"] for part in parts)
    if bases and unknown / bases > MUCH_N:
        yield f"{unknown / bases:.1%} of all bases are N."
    if only := sum(part["only_n"] for part in parts):
        yield f"{_counted('sequence', only)} of N alone."


def _counted(noun: str, count: int) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _names(names: list[str]) -> str:
    rest = len(names) - NAMED
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {rest:,} more" if rest > 0 else shown
