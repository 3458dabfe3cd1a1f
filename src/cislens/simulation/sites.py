"""Sites of motifs: where they lie, and the bases that are drawn for them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float64, Int64

from cislens.data import placements
from cislens.data.placements import Placements
from cislens.sequence import pwm
from cislens.sequence.pwm import Pwm
from cislens.sequence.shapes import Codes
from cislens.simulation import background

STRANDS = np.array(["+", "-"])


def tabulate(
    motifs: Sequence[Pwm],
    sequence: Int64[np.ndarray, " sites"],
    start: Int64[np.ndarray, " sites"],
    *,
    motif: Int64[np.ndarray, " sites"],
    minus: Bool[np.ndarray, " sites"],
) -> pd.DataFrame:
    """List sites as `Placements` wants them.

    Parameters
    ----------
    motifs
        The motifs.
    sequence
        Row number of the sequence of each site.
    start
        First base of each site, in bp, 0-based.
    motif
        Position in `motifs` of the motif of each site.
    minus
        Whether the site lies on the minus strand.

    Returns
    -------
    pd.DataFrame
        Columns ``sequence``, ``start``, ``end``, ``strand`` and ``motif``.
    """
    widths = np.array([one.width for one in motifs])
    return pd.DataFrame(
        {
            "sequence": sequence,
            "start": start,
            "end": start + widths[motif],
            "strand": STRANDS[minus.astype(np.int64)],
            "motif": np.array([one.name for one in motifs])[motif],
        }
    )


def write(codes: Codes, truth: Placements, *, uniforms: Float64[np.ndarray, " bases"]) -> Codes:
    """Draw the bases of every site from its motif's columns.

    Parameters
    ----------
    codes
        The background; left as it is.
    truth
        The sites, and the motifs. Where sites overlap, the later row stays.
    uniforms
        A number in [0, 1) for each base of each site, in the order of the table; the base is the
        first whose cumulative probability, in the order A C G T along the plus strand, exceeds it.

    Returns
    -------
    Codes
        A copy with the sites written.
    """
    table, motifs = truth
    shown = [face for one in motifs for face in (one, pwm.reverse_complement(one))]
    bounds = np.concatenate([face.probabilities.cumsum(axis=0)[:3].T for face in shown])
    offsets = np.cumsum([0] + [face.width for face in shown])
    number = pd.Index([one.name for one in motifs]).get_indexer(table["motif"])
    column = offsets[2 * number + (table["strand"] == "-").to_numpy()]
    width = (table["end"] - table["start"]).to_numpy()
    rows, positions = cells(table)
    columns = positions + np.repeat(column - table["start"].to_numpy(), width)
    planted = codes.copy()
    planted[rows, positions] = background.pick(bounds[columns], uniforms)
    return planted


def cells(table: pd.DataFrame) -> tuple[Int64[np.ndarray, " bases"], Int64[np.ndarray, " bases"]]:
    """Find every base of every site.

    Parameters
    ----------
    table
        The sites, as in `Placements`.

    Returns
    -------
    tuple
        Row number of the sequence, and position in bp, of each base; site after site.
    """
    width = (table["end"] - table["start"]).to_numpy()
    within = np.arange(width.sum()) - np.repeat(width.cumsum() - width, width)
    rows = np.repeat(table["sequence"].to_numpy(), width)
    return rows, np.repeat(table["start"].to_numpy(), width) + within


def fill(codes: Codes, truth: Placements, *, rng: np.random.Generator) -> tuple[Codes, Placements]:
    """Check sites and draw their bases.

    Parameters
    ----------
    codes
        The background; left as it is.
    truth
        The sites, and the motifs.
    rng
        Source of randomness.

    Returns
    -------
    tuple[Codes, Placements]
        A copy with the sites written, and the truth as it was given.

    Raises
    ------
    UserError
        If the sites do not fit the sequences, or two motifs have one name.
    """
    placements.check(truth, sequences=len(codes), length=codes.shape[1])
    bases = int((truth.table["end"] - truth.table["start"]).sum())
    return write(codes, truth, uniforms=rng.random(bases)), truth
