"""Hits of a motif in the network that was made to see it."""

import dataclasses
import shutil

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.maps import store
from cislens.motifs.discovery import HitOptions
from cislens.pipeline import discovering, hit_calling
from cislens.pipeline.discover_options import Discover, Hits
from cislens.pipeline.options import MotifOptions


@pytest.fixture(scope="module")
def found(seeing):
    """The run with its motif."""
    database = MotifOptions(database="jaspar2016")
    discovering.run(Discover(run=seeing, shuffled=80, motifs=database))
    return seeing


@pytest.fixture(scope="module")
def out(found):
    return found / "motifs" / "made" / "saliency" / "AP1"


def test_every_planted_site_is_a_hit(found, out, tmp_path_factory):
    # Every second sequence of chr1, which holds a third of all.
    bed = tmp_path_factory.mktemp("bed") / "half.bed"
    bed.write_text("".join(f"chr1\t{i * 100}\t{i * 100 + 60}\n" for i in range(0, 80, 6)))
    said = hit_calling.run(Hits(run=found, annotation=bed, hits=HitOptions(fimo_p=1e-3)))
    table = pd.read_csv(out / "hits.csv")
    maps = store.open(found / "attributions" / "made" / "saliency" / "AP1.zarr")
    words = {
        "".join("ACGT"[code] for code in maps.codes(slice(row, row + 1))[0, start:end])
        for row, start, end in zip(
            map(maps.ids.index, table["sequence"]), table["start"], table["end"], strict=True
        )
    }
    assert {"ATGACTCATC", "GATGAGTCAT"} <= words
    assert len(table) >= 80
    assert table["sequence"].nunique() == 80
    assert table["matched"].mean() > 0.9
    assert (table["q"] <= 0.1).all()
    assert f"made, AP1: {len(table)} hits of 1 motif, where " in said
    counts = pd.read_csv(out / "motif_hits.csv").iloc[0]
    assert counts["hits"] == len(table)
    assert counts["on_half"] == pytest.approx(table["on_half"].mean())
    assert 0.1 < counts["on_half"] < 0.3
    assert 0.1 < counts["on_half_chance"] < 0.3
    lines = [line.split("\t") for line in (out / "hits.bed").read_text().splitlines()]
    assert len(lines) == len(table)
    assert {line[3] for line in lines} == {"pos1.NFE2"}


def test_sites_of_one_motif_lie_together_where_half_is_shared():
    these = pd.DataFrame({"row": 0, "motif": 0, "start": [0, 10, 20], "end": [8, 18, 28]})
    those = pd.DataFrame(
        {"row": [0, 0, 1], "motif": [0, 0, 0], "start": [4, 15, 20], "end": [12, 23, 28]}
    )
    assert hit_calling.together(these, those).tolist() == [True, False, False]
    others = those.assign(motif=1)
    assert not hit_calling.together(these, others).any()
    assert hit_calling.together(these[:0], those).tolist() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "ism"}, "no motifs of maps called 'ism'; there are saliency"),
        ({"targets": "SP1"}, "no maps of 'SP1'"),
    ],
)
def test_what_is_not_there(found, change, words):
    with pytest.raises(UserError, match=words):
        hit_calling.run(dataclasses.replace(Hits(run=found), **change))


def test_maps_without_a_discovery_are_told(found, tmp_path):
    shutil.copytree(found, tmp_path / "run")
    maps = tmp_path / "run" / "attributions" / "made" / "saliency" / "AP1.zarr"
    for name in ("saliency/SRF.zarr", "saliency/YY1.zarr", "ism/AP1.zarr"):
        shutil.copytree(maps, maps.parents[1] / name)
    said = hit_calling.run(Hits(run=tmp_path / "run")).splitlines()
    assert len(said) == 2
    assert said[1].startswith("not done: SRF (saliency of made), YY1 (saliency of made); ")
    only = Hits(run=tmp_path / "run", targets=["AP1"])
    assert "not done" not in hit_calling.run(only)


def test_files_of_one_name(found, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.bed").write_text("chr1\t0\t100\n")
    files = [tmp_path / "a" / "x.bed", tmp_path / "b" / "x.bed"]
    with pytest.raises(UserError, match="two files are named 'x'"):
        hit_calling.run(Hits(run=found, annotation=files))


def test_no_hit_is_an_empty_table(found, out):
    strict = Hits(run=found, hits=HitOptions(fdr=1e-9, fimo_p=1e-12))
    assert "0 hits of 1 motif" in hit_calling.run(strict)
    assert len(pd.read_csv(out / "hits.csv")) == 0
    counts = pd.read_csv(out / "motif_hits.csv").iloc[0]
    assert counts["hits"] == 0
    assert np.isnan(counts["matched"])
