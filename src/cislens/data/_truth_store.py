"""Planted truth in a Zarr group: flat arrays for the sites, one matrix for all motifs."""

import numpy as np
import pandas as pd
import zarr

from cislens.data import store
from cislens.data.placements import Placements
from cislens.sequence.pwm import Pwm


def write(group: zarr.Group, truth: Placements) -> None:
    """Write sites and motifs below `group`."""
    into = group.create_group(store.PLACEMENTS)
    names = {pwm.name: number for number, pwm in enumerate(truth.motifs)}
    table = truth.table
    into.create_array("sequence", data=table["sequence"].to_numpy(np.int64))
    into.create_array("start", data=table["start"].to_numpy(np.int64))
    into.create_array("end", data=table["end"].to_numpy(np.int64))
    strands = [store.STRANDS.index(strand) for strand in table["strand"]]
    into.create_array("strand", data=np.array(strands, np.uint8))
    into.create_array("motif", data=np.array([names[name] for name in table["motif"]], np.int32))
    matrices = [pwm.probabilities for pwm in truth.motifs]
    into.create_array("probabilities", data=np.concatenate([np.empty((4, 0)), *matrices], axis=1))
    into.attrs["motifs"] = [
        {
            "name": pwm.name,
            "label": pwm.label,
            "width": pwm.probabilities.shape[1],
            "background": np.asarray(pwm.background).tolist(),
            "nsites": pwm.nsites,
        }
        for pwm in truth.motifs
    ]


def read(group: zarr.Group) -> Placements | None:
    """Read sites and motifs, if the dataset has them."""
    if store.PLACEMENTS not in group:
        return None
    stored = group[store.PLACEMENTS]
    described = stored.attrs["motifs"]
    edges = np.cumsum([motif["width"] for motif in described])[:-1]
    matrices = np.split(np.asarray(stored["probabilities"][:]), edges, axis=1)
    motifs = [
        Pwm(
            name=motif["name"],
            probabilities=matrix,
            label=motif["label"],
            background=np.array(motif["background"]),
            nsites=motif["nsites"],
        )
        for motif, matrix in zip(described, matrices, strict=False)
    ]
    names = np.array([pwm.name for pwm in motifs], dtype=object)
    table = pd.DataFrame(
        {
            "sequence": np.asarray(stored["sequence"][:]),
            "start": np.asarray(stored["start"][:]),
            "end": np.asarray(stored["end"][:]),
            "strand": np.array(store.STRANDS, dtype=object)[np.asarray(stored["strand"][:])],
            "motif": names[np.asarray(stored["motif"][:])],
        }
    )
    return Placements(table, motifs)
