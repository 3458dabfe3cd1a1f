"""Planted motifs and intervals beside maps."""

import numpy as np
import pandas as pd

from cislens.data import dataset
from cislens.data.placements import Placements
from cislens.maps.header import STRANDS
from cislens.pipeline import planted
from cislens.sequence import alphabet
from cislens.sequence.pwm import Pwm


def test_sites_follow_the_view(untrained):
    stored = dataset.open(untrained / "task1.zarr")
    rows = np.array([70, 3, 55])
    found = planted.sequences(dataset.SequenceView(stored, rows))
    table = stored.placements.table
    names = [motif["name"] for motif in planted.motifs(stored)]
    for position, row in enumerate(rows):
        mine = table[table["sequence"] == row]
        wanted = sorted(zip(mine["start"], mine["end"], mine["strand"], mine["motif"], strict=True))
        sites = found.sites[found.sites[:, 0] == position]
        assert [(s, e, STRANDS[d], names[m]) for _, s, e, d, m in sites] == wanted
    assert found.columns == {}
    assert found.ids == [stored.ids[row] for row in rows]


def test_motifs_are_labelled_by_the_task_they_stand_for(untrained):
    labels = {m["name"]: m["label"] for m in planted.motifs(dataset.open(untrained / "task1.zarr"))}
    assert labels["MA0083.3"] == "SRF"
    assert labels["MA0003.3"] == "TFAP2A"


def test_intervals_keep_their_chromosomes(tmp_path):
    with dataset.create(
        tmp_path / "a.zarr", length=4, alphabet=alphabet.DNA, tasks=("t",), target_kind="binary",
        provenance={},
    ) as writer:  # fmt: skip
        writer.append(
            np.zeros((3, 4), np.uint8), [[0], [1], [0]], ids=["a", "b", "c"],
            chrom=["chr9", "", "chr1"], start=[5, -1, 0], end=[9, -1, 4], strand=["-", ".", "+"],
        )  # fmt: skip
        motif = Pwm("M", np.eye(4), label="own")
        table = pd.DataFrame(
            {"sequence": [1], "start": [0], "end": [4], "strand": ["-"], "motif": ["M"]}
        )
        writer.set_placements(Placements(table, [motif]))
    stored = dataset.open(tmp_path / "a.zarr")
    assert planted.chromosomes(stored) == ("chr9", "chr1")
    found = planted.sequences(dataset.SequenceView(stored, np.array([2, 1])))
    assert found.columns["chrom"].tolist() == [1, -1]
    assert found.columns["start"].tolist() == [0, -1]
    assert found.columns["strand"].tolist() == [0, 2]
    assert found.sites.tolist() == [[1, 0, 4, 1, 0]]
    assert planted.motifs(stored) == (
        {"name": "M", "label": "own", "information": [2.0, 2.0, 2.0, 2.0]},
    )
