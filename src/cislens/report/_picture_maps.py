"""Maps of single sequences in letters, one under the other, below what was planted."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cislens.errors import UserError
from cislens.maps.sequences import Site
from cislens.metrics import predictive
from cislens.report import files, sheet, trace, tracks, truth_track
from cislens.report._picture import Part, Picture
from cislens.report.sheet import Placed

NAME = 150.0
"""Room for the name of a map, in px."""
NOTE = 175.0
"""Room for its scores, in px."""
HEAD = 22.0
BITS = 0.01
"""Information from which a planted column counts, as published, in bits."""


def draw(picture: Picture) -> dict[str, str]:
    """Draw the maps of one sequence below its planted motifs; none without both."""
    truth = next((part for part in picture.parts if part.role == "truth"), None)
    maps = [part for part in picture.parts if not part.role]
    if truth is None or not maps:
        return {}
    row = picture.settings["sequence"]
    drawn, codes, bits = _planted(truth, row)
    shown = (0, len(codes))
    for part in maps:
        scores = _scores(part, row, codes)
        track = _track(scores, codes, shown, f"{part.name}, sequence {row + 1}")
        drawn.append((part.name, track, _told(scores, bits)))
    return {"": _stacked(drawn, title="", words=picture.title)}


def draw_examples(picture: Picture) -> dict[str, str]:
    """Draw the most important stretch of each sequence, a panel each, one part under another."""
    maps = {
        part.name: _arrays(part.folder / "maps.npz", "values", "codes", "positives")
        for part in picture.parts
    }
    if not maps:
        return {}
    panels = {}
    for place, number in enumerate(next(iter(maps.values()))["positives"]):
        title = f"positive test sequence {number}"
        codes = next(iter(maps.values()))["codes"][place]
        scores = {name: _at_bases(held["values"][place], codes) for name, held in maps.items()}
        shown = _within(list(scores.values()), picture.settings["window"])
        drawn = [("position", truth_track.svg([], length=len(codes), shown=shown, mine=set()), "")]
        drawn += [
            (name, _track(row, codes, shown, f"{name}, {title}"), "")
            for name, row in scores.items()
        ]
        panels[title] = _stacked(drawn, title=title, words=f"{picture.title}, {title}")
    return panels


def draw_traces(picture: Picture) -> dict[str, str]:
    """Draw each column of ``traces.csv`` below the planted motifs of its sequence."""
    panels = {}
    for part in picture.parts:
        drawn, _, _ = _planted(part, 0)
        rows = files.csv_rows(part.folder / "traces.csv", texts=[], numbers=[], more_numbers=True)
        for name in rows[0]:
            values = [row[name] for row in rows]
            label = picture.settings["names"].get(name, name)
            drawn.append((label, trace.svg(values, words=f"{label} along the sequence"), ""))
        panels[part.name] = _stacked(drawn, title=part.name, words=picture.title)
    return panels


def _planted(part: Part, row: int) -> tuple[list[tuple[str, str, str]], NDArray, NDArray]:
    """Draw what was planted in a sequence, and give its codes and bits."""
    held = _arrays(part.folder / "truth.npz", "codes", "bits")
    codes, bits = held["codes"][row], held["bits"][row].astype(np.float64)
    shown = (0, len(codes))
    sites = _sites(part.folder / "sites.csv", row)
    lanes = truth_track.svg(sites, length=len(codes), shown=shown, mine=set(range(len(sites))))
    letters = _track(bits, codes, shown, "planted information")
    return [("planted", lanes, ""), ("information, bits", letters, "")], codes, bits


def _within(scores: Sequence[NDArray], window: Sequence[int]) -> tuple[int, int]:
    """Find the stretch of a window that holds most of the importance."""
    start, end = window
    first, last = tracks.stretch([row[start:end] for row in scores])
    return start + first, start + last


def _track(scores: NDArray, codes: NDArray, shown: tuple[int, int], words: str) -> str:
    return tracks.svg(scores.astype(np.float64), codes.astype(np.uint8), shown=shown, words=words)


def _stacked(drawn: Sequence[tuple[str, str, str]], *, title: str, words: str) -> str:
    """Put named drawings one under another, their scores to the right."""
    placed, y, widest = [], 0.0, 0.0
    if title:
        placed.append(sheet.text(title, 0, 13, height=12.5, look='font-weight="600"'))
        y = HEAD
    noted = any(note for *_, note in drawn)
    for name, drawing, note in drawn:
        wide, high = sheet.size(drawing)
        placed.append(sheet.text(name, 0, y + high / 2 + 4, height=12))
        placed.append(Placed(drawing, NAME, y))
        placed.append(sheet.text(note, NAME + wide + 8, y + high / 2 + 4, height=12))
        y, widest = y + high, max(widest, NAME + wide + (NOTE if noted else 0))
    return sheet.make(placed, extent=(widest, y), words=words)


def _scores(part: Part, row: int, codes: NDArray) -> NDArray[np.float64]:
    """Make one number a position, as the part says."""
    held = _arrays(part.folder / "maps.npz", "values", "codes")
    if row >= len(held["codes"]) or not np.array_equal(held["codes"][row], codes):
        raise UserError(
            f"{part.folder}: sequence {row} is another one than the planted one; "
            "run the benchmark again"
        )
    values = held["values"][row].astype(np.float64)
    reduction = part.settings["reduction"]
    if reduction == "norm":
        norm: NDArray[np.float64] = np.sqrt((values**2).sum(axis=0))
        return norm
    return _at_bases(values - values.mean(axis=0) if reduction == "centred" else values, codes)


def _at_bases(values: NDArray, codes: NDArray) -> NDArray[np.float64]:
    """Take the value of the base that stands there; 0 where none does."""
    known = codes < 4
    own = np.take_along_axis(values, np.where(known, codes, 0)[None].astype(np.int64), axis=0)[0]
    return np.where(known, own, 0.0).astype(np.float64)


def _told(scores: NDArray, bits: NDArray) -> str:
    """Score the map of one sequence as published."""
    planted = (bits > BITS).astype(np.float32)[:, None]
    auroc = predictive.auroc(scores[:, None], planted)[0]
    aupr = predictive.aupr(scores[:, None], planted, interpolation="trapezoid")[0]
    return f"AUROC {auroc:.3f}, AUPR {aupr:.3f}"


def _sites(path: Path, row: int) -> list[Site]:
    rows = files.csv_rows(
        path, texts=["strand", "motif", "label"], numbers=["sequence", "start", "end"]
    )
    return [
        Site(int(s["start"]), int(s["end"]), s["strand"], s["motif"], s["label"], np.zeros(0))
        for s in rows
        if s["sequence"] == row
    ]


def _arrays(path: Path, *names: str) -> dict[str, NDArray]:
    """Read arrays of an NPZ file; nothing in it is run."""
    try:
        with np.load(path, allow_pickle=False) as held:
            return {name: held[name] for name in names}
    except (OSError, KeyError, ValueError) as error:
        raise UserError(f"{path}: {error}; run the benchmark again") from error
