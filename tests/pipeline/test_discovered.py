"""Discovered motifs in their folder, and places in the genome."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.maps import store
from cislens.pipeline import discovered
from cislens.sequence import meme
from cislens.sequence.pwm import Pwm

MAKING = Path(__file__).parents[1] / "maps" / "making.py"


@pytest.fixture
def maps(tmp_path):
    """Seven sequences of 6 bp: of chr2 and chr10 on +, - and no strand, and without interval."""
    spec = importlib.util.spec_from_file_location("making", MAKING)
    making = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(making)
    return store.open(making.write(tmp_path / "attributions" / "m" / "ism" / "SP1.zarr"))


def test_places_in_the_genome(maps):
    sites = pd.DataFrame(
        {"row": range(7), "start": 1, "end": 4, "strand": ["+", "+", "-", "-", "+", "+", "."]}
    )
    found = discovered.in_genome(maps, sites)
    places, expected = maps.places, []
    for row, strand in enumerate(sites["strand"]):
        chrom, first = places.chrom[row], int(places.start[row])
        if not chrom:
            expected.append((f"s{row}", 1, 4, strand))
        elif places.strand[row] == "-":
            turned = {"+": "-", "-": "+", ".": "."}[strand]
            expected.append((chrom, first + 2, first + 5, turned))
        else:
            expected.append((chrom, first + 1, first + 4, strand))
    columns = ["chrom", "start", "end", "strand"]
    assert [tuple(row) for row in found[columns].to_numpy().tolist()] == expected
    assert {"-", "+"} <= set(places.strand)
    assert found["sequence"].tolist() == [f"s{row}" for row in range(7)]


def test_bed_is_sorted_by_place(maps, tmp_path):
    sites = pd.DataFrame(
        {"row": [4, 1, 1], "start": 0, "end": 3, "strand": "+", "name": "m", "score": 7}
    )
    discovered.write_bed(tmp_path / "sites.bed", maps, sites)
    lines = [line.split("\t") for line in (tmp_path / "sites.bed").read_text().splitlines()]
    assert lines == sorted(lines, key=lambda line: (line[0], int(line[1])))
    assert all(line[3:5] == ["m", "7"] for line in lines)


def test_names_are_those_of_the_folders(maps, tmp_path):
    assert (discovered.model(maps), discovered.label(maps)) == ("m", "ism")
    assert discovered.place(tmp_path, maps) == tmp_path / "motifs" / "m" / "ism" / "SP1"


def test_a_run_without_motifs(tmp_path):
    with pytest.raises(UserError, match="no motifs; find some with `cislens discover"):
        discovered.read(tmp_path)


def test_several_kinds_of_maps_want_a_choice(maps, tmp_path):
    path = tmp_path / "attributions" / "m" / "saliency"
    path.mkdir()
    (tmp_path / "attributions" / "m" / "ism" / "SP1.zarr").rename(path / "SP1.zarr")
    (alone,) = discovered.stores(tmp_path, name=None, targets=[])
    assert discovered.label(alone) == "saliency"
    with pytest.raises(UserError, match="no maps called 'ism'"):
        discovered.stores(tmp_path, name="ism", targets=[])


@pytest.mark.parametrize(
    ("break_", "words"),
    [
        (lambda out: (out / "contributions.npz").unlink(), "missing or broken"),
        (lambda out: (out / "contributions.npz").write_bytes(b"no zip"), "missing or broken"),
        (
            lambda out: (out / "motifs.csv").write_text("name,q,e\npos1,0.1,0.1\npos2,0.1,0.1\n"),
            "other motifs than in motifs.meme",
        ),
    ],
)
def test_damaged_files(maps, tmp_path, break_, words):
    out = discovered.place(tmp_path, maps)
    out.mkdir(parents=True)
    (out / "motifs.csv").write_text("name,q,e\npos1,0.1,0.1\n")
    motif = Pwm("pos1", np.repeat([[0.7], [0.1], [0.1], [0.1]], 3, axis=1))
    meme.write(out / "motifs.meme", [motif])
    discovered.write_contributions(out / "contributions.npz", {"pos1": motif.probabilities})
    (found,) = discovered.read(tmp_path)
    assert found.contributions[0].shape == (4, 3)
    break_(out)
    with pytest.raises(UserError, match=words):
        discovered.read(tmp_path)
