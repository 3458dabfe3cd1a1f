"""Windows at the ends of transcripts, through introns or across them."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import UInt8

from cislens.data.annotation import Stretches, Transcript
from cislens.data.genome import Genome
from cislens.errors import UserError
from cislens.sequence import alphabet
from cislens.sequence.alphabet import N_CODE


@dataclass(frozen=True)
class Cutting:
    """What is taken of a transcript.

    Attributes
    ----------
    anchor
        The end that the window lies at: the "start" of transcription or its "end".
    upstream
        Bases before the anchor, in the direction of transcription.
    downstream
        Bases from the anchor on; with the "start", the first base of the transcript is the first
        of them.
    spliced
        Leave introns out. What lies outside of the transcript is still read from the genome, on
        the side of the anchor; a transcript that is too short is filled up with N.
    """

    anchor: Literal["start", "end"] = "start"
    upstream: int = 1000
    downstream: int = 1000
    spliced: bool = False

    def __post_init__(self) -> None:
        if min(self.upstream, self.downstream) < 0 or not self.length:
            raise UserError(
                f"upstream={self.upstream}, downstream={self.downstream}: numbers of 0 or more are "
                "wanted, one of them above"
            )

    @property
    def length(self) -> int:
        """Length of the window.

        Returns
        -------
        int
            In bp.
        """
        return self.upstream + self.downstream


class Window(NamedTuple):
    """Where a window lies on its chromosome.

    Attributes
    ----------
    pieces
        Start and end of what is read, by place on the chromosome; they may lie beyond its ends.
    missing
        Bases that a spliced transcript is too short by; N stands for them.
    at_left
        Whether the anchor lies at the transcript's lower end, so that N stands on the right.
    """

    pieces: Stretches
    missing: int
    at_left: bool


def place(transcript: Transcript, cutting: Cutting) -> Window:
    """Find the window of a transcript.

    Parameters
    ----------
    transcript
        The transcript.
    cutting
        What is taken of it.

    Returns
    -------
    Window
        Its pieces, of which those that touch are one.
    """
    at_left = (cutting.anchor == "start") != (transcript.strand == "-")
    is_start = cutting.anchor == "start"
    inside = cutting.downstream if is_start else cutting.upstream
    outside = cutting.length - inside
    exons = transcript.exons if cutting.spliced else (_endless(transcript, inside, at_left),)
    taken = _taken(exons, inside, at_left)
    begin = transcript.start - outside if at_left else transcript.end
    pieces = sorted([*taken, (begin, begin + outside)])
    found = sum(end - start for start, end in taken)
    return Window(_joined(pieces), inside - found, at_left)


def read(genome: Genome, transcript: Transcript, window: Window) -> UInt8[np.ndarray, " length"]:
    """Read a window in the direction of transcription.

    Parameters
    ----------
    genome
        The genome.
    transcript
        The transcript, under a name of the genome.
    window
        Its window.

    Returns
    -------
    UInt8[np.ndarray, " length"]
        Base codes; on "-" the reverse complement. N where the window lies beyond the chromosome or
        the transcript was too short.
    """
    parts = [
        genome.windows([transcript.chrom], [start], length=end - start)[0]
        for start, end in window.pieces
    ]
    filling = np.full(window.missing, N_CODE, np.uint8)
    codes = np.concatenate([*parts, filling] if window.at_left else [filling, *parts])
    return alphabet.reverse_complement(codes) if transcript.strand == "-" else codes


def _endless(transcript: Transcript, count: int, at_left: bool) -> tuple[int, int]:
    """Take as many bases as are wanted from one end on, however long the transcript is."""
    if at_left:
        return transcript.start, transcript.start + count
    return transcript.end - count, transcript.end


def _taken(exons: Stretches, count: int, at_left: bool) -> list[tuple[int, int]]:
    """Take bases of exons from one end on, as many as are wanted or there."""
    taken = []
    for start, end in exons if at_left else exons[::-1]:
        size = min(count, end - start)
        count -= size
        if size:
            taken.append((start, start + size) if at_left else (end - size, end))
    return taken


def _joined(pieces: list[tuple[int, int]]) -> Stretches:
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end
        elif end > start:
            joined.append((start, end))
    return tuple(joined)
