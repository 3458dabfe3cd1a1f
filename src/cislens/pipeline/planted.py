"""Planted motifs and intervals of a view, as a store of maps holds them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cislens.data import dataset, placements
from cislens.data.dataset import SequenceView
from cislens.maps.header import STRANDS
from cislens.maps.sequences import Sequences
from cislens.sequence import pwm as pwms
from cislens.sequence.pwm import Pwm


def motifs(stored: dataset.SequenceDataset) -> tuple[dict[str, Any], ...]:
    """Describe the motifs that were planted in a dataset.

    Parameters
    ----------
    stored
        The dataset.

    Returns
    -------
    tuple of dict
        Name, label and information of each column in bits. The label is the task whose accepted
        motifs the dataset says it is one of, else its own.
    """
    if stored.placements is None:
        return ()
    accepted: dict[str, Sequence[str]] = stored.provenance.get("accepted_targets", {})
    return tuple(
        {
            "name": motif.name,
            "label": _label(motif, accepted),
            "information": pwms.information(motif).tolist(),
        }
        for motif in stored.placements.motifs
    )


def sequences(view: SequenceView) -> Sequences:
    """Describe the sequences of a view.

    Parameters
    ----------
    view
        The sequences.

    Returns
    -------
    Sequences
        Their names, intervals and planted motifs.
    """
    return Sequences(list(view.ids), _columns(view), _sites(view))


def chromosomes(stored: dataset.SequenceDataset) -> tuple[str, ...]:
    """List the chromosomes of a dataset.

    Parameters
    ----------
    stored
        The dataset.

    Returns
    -------
    tuple of str
        Names, in the order in which they are met; empty without intervals.
    """
    places = stored.intervals
    if places is None:
        return ()
    return tuple(name for name in dict.fromkeys(places["chrom"]) if name)


def _label(motif: Pwm, accepted: dict[str, Sequence[str]]) -> str:
    tasks = [task for task, names in accepted.items() if motif.name in names]
    return tasks[0] if tasks else motif.label or motif.name


def _columns(view: SequenceView) -> dict[str, NDArray]:
    places = view.dataset.intervals
    if places is None:
        return {}
    numbers = {name: number for number, name in enumerate(chromosomes(view.dataset))}
    mine = places.iloc[view.indices]
    return {
        "chrom": np.array([numbers.get(name, -1) for name in mine["chrom"]], np.int32),
        "start": mine["start"].to_numpy(np.int64),
        "end": mine["end"].to_numpy(np.int64),
        "strand": np.array([STRANDS.index(strand) for strand in mine["strand"]], np.uint8),
    }


def _sites(view: SequenceView) -> NDArray[np.int64] | None:
    truth = view.dataset.placements
    if truth is None:
        return None
    table = placements.restrict(truth, view.indices).table.sort_values(
        ["sequence", "start"], kind="stable"
    )
    names = {motif.name: number for number, motif in enumerate(truth.motifs)}
    columns = [
        table["sequence"],
        table["start"],
        table["end"],
        table["strand"].map(STRANDS.index),
        table["motif"].map(names),
    ]
    found: NDArray[np.int64] = np.stack([column.to_numpy(np.int64) for column in columns], axis=1)
    return found
