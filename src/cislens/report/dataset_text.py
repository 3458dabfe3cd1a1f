"""What is in a dataset, as text for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from cislens.report import numerals

TASKS = 12
"""Tasks listed one by one; of more, the rarest and the most frequent."""
BLOCKS = " ▁▂▃▄▅▆▇█"
FIRST_GC, LAST_GC = 0.02, 0.98
"""GC content is drawn between these quantiles."""


def write(found: Mapping[str, Any]) -> str:
    """Set the numbers in columns.

    Parameters
    ----------
    found
        What `cislens.pipeline.inspecting` counted.

    Returns
    -------
    str
        Lines.
    """
    unit = "nt" if found["alphabet"] == "RNA" else "bp"
    count = len(found["tasks"])
    lines = [
        f"{found['name']}: {numerals.count(found['sequences'])} sequences of "
        f"{numerals.count(found['length'])} {unit}, {count} {found['target_kind']} "
        f"task{'s' * (count != 1)}",
        "",
        *table(_splits(found)),
        "",
        *_gc(found),
        *table(_tasks(found)),
        "",
        *_profile(found),
        *_repeats(found),
        *[f"! {remark}" for remark in found["remarks"]],
    ]
    return "\n".join(lines).rstrip()


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Align columns: the first to the left, others to the right.

    Parameters
    ----------
    rows
        Cells; the first row is the head.

    Returns
    -------
    list of str
        A line a row.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def selected(found: Mapping[str, Any]) -> tuple[list[str], int]:
    """Choose the tasks that are listed: all, or those with the lowest and highest means.

    Parameters
    ----------
    found
        What was counted.

    Returns
    -------
    list of str
        Names of tasks.
    int
        How many are left out.
    """
    names = list(found["tasks"])
    if len(names) <= TASKS:
        return names, 0
    names.sort(key=lambda name: mean(found, name))
    half = TASKS // 2
    return [*names[:half], *names[-half:]], len(names) - 2 * half


def mean(found: Mapping[str, Any], task: str) -> float:
    """Average a task over all splits.

    Parameters
    ----------
    found
        What was counted.
    task
        Name of the task.

    Returns
    -------
    float
        The mean of all that was measured; 0 where nothing was.
    """
    parts = [part for part in found["tasks"][task]["splits"].values() if part["measured"]]
    measured = sum(part["measured"] for part in parts)
    return float(sum(part["measured"] * part["mean"] for part in parts) / max(measured, 1))


def _splits(found: Mapping[str, Any]) -> list[list[str]]:
    rows = [["split", "sequences", "share", "G + C", "N", "with N", "chromosomes"]]
    for name, part in found["splits"].items():
        places = [chrom for chrom, sizes in found["chromosomes"].items() if sizes[name]]
        rows.append(
            [
                name,
                numerals.count(part["sequences"]),
                numerals.percent(part["sequences"] / max(found["sequences"], 1)),
                numerals.percent(part["gc"]),
                numerals.percent(part["n_fraction"]),
                numerals.count(part["with_n"]),
                _some(places),
            ]
        )
    return rows


def _some(names: list[str], *, most: int = 4) -> str:
    if not names:
        return numerals.NONE
    return ", ".join(names) if len(names) <= most else f"{len(names)}, {names[0]} … {names[-1]}"


def _gc(found: Mapping[str, Any]) -> list[str]:
    """Draw the distribution of GC content in one line of blocks."""
    sizes = [sum(bar) for bar in zip(*_histograms(found), strict=True)]
    if not sum(sizes):
        return []
    reached, sums = 0, []
    for size in sizes:
        reached += size
        sums.append(reached / sum(sizes))
    first = next(place for place, share in enumerate(sums) if share > FIRST_GC)
    last = next(place for place, share in enumerate(sums) if share >= LAST_GC)
    shown = sizes[first : last + 1]
    bars = "".join(BLOCKS[-(-size * (len(BLOCKS) - 1) // max(shown))] for size in shown)
    width = found["gc"]["width"]
    low, high = first * width, min((last + 1) * width, 1.0)
    return [f"G + C of a sequence  {low:.0%} {bars} {high:.0%}", ""]


def _histograms(found: Mapping[str, Any]) -> list[list[int]]:
    return [counts for classes in found["gc"]["counts"].values() for counts in classes.values()]


def _tasks(found: Mapping[str, Any]) -> list[list[str]]:
    names, hidden = selected(found)
    binary = found["target_kind"] == "binary"
    last = ["G + C neg.", "pos."] if binary else ["lowest", "highest"]
    word = "positive" if binary else "mean"
    rows = [["task", "measured", *[f"{word}, {name}" for name in found["splits"]], *last]]
    for place, name in enumerate(names):
        task = found["tasks"][name]
        if hidden and place == TASKS // 2:
            rows.append([f"… {hidden:,} more", *[""] * (len(rows[0]) - 1)])
        parts = list(task["splits"].values())
        means = [_number(part["mean"], share=binary) for part in parts]
        measured = numerals.count(sum(part["measured"] for part in parts))
        rows.append([name, measured, *means, *_last(task)])
    return rows


def _last(task: Mapping[str, Any]) -> list[str]:
    """Write GC content of negatives and positives, or the range of other targets."""
    if task["gc"]:
        return [numerals.percent(value) for value in task["gc"].values()]
    parts = [part for part in task["splits"].values() if part["measured"]]
    if not parts:
        return [numerals.NONE] * 2
    low, high = min(part["lowest"] for part in parts), max(part["highest"] for part in parts)
    return [_number(low), _number(high)]


def _number(value: float | None, *, share: bool = False) -> str:
    if share or value is None:
        return numerals.percent(value)
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def _profile(found: Mapping[str, Any]) -> list[str]:
    """Say how profiles lie, and how many windows are at peaks."""
    profile = found["profile"]
    if not profile:
        return []
    strands = f"{profile['strands']} strand{'s' * (profile['strands'] != 1)}"
    rows = [["windows", *profile["windows"]]]
    for kind, text in (("peaks", "at peaks"), ("background", "background")):
        sizes = [numerals.count(parts[kind]) for parts in profile["windows"].values()]
        rows.append([text, *sizes])
    return [
        f"profiles of {profile['positions']} bp on {strands}, jitter {profile['jitter']} bp, "
        f"control: {profile['control']}; means above are totals of a window",
        *table(rows),
        "",
    ]


def _repeats(found: Mapping[str, Any]) -> list[str]:
    inside = sum(found["duplicates"]["within"].values())
    if not found["duplicates"]["groups"]:
        return ["no sequence stands there twice", ""]
    groups = found["duplicates"]["groups"]
    across = [
        f"{pair['sequences']:,} of {pair['here']} also in {pair['there']}"
        for pair in found["duplicates"]["across"]
        if pair["sequences"]
    ]
    between = f"; {', '.join(across)}" if across else "; none across splits"
    stand = "sequence stands" if groups == 1 else "sequences stand"
    return [
        f"{groups:,} {stand} there more than once: "
        f"{inside:,} repeat{'s' * (inside != 1)} within a split{between}",
        "",
    ]
