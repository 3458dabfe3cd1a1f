"""Motifs of maps, found in a network that was made to see one."""

import dataclasses
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml

from cislens.errors import UserError
from cislens.maps import store
from cislens.pipeline import attributing, discovered, discovering, hit_calling
from cislens.pipeline.attribute_options import Attribute
from cislens.pipeline.discover_options import Discover, Hits
from cislens.pipeline.options import MotifOptions


@pytest.fixture(scope="module")
def options(seeing):
    return Discover(run=seeing, shuffled=80, motifs=MotifOptions(database="jaspar2016"))


@pytest.fixture(scope="module")
def said(options):
    return discovering.run(options)


@pytest.fixture(scope="module")
def out(seeing, said):
    return seeing / "motifs" / "made" / "saliency" / "AP1"


def test_the_motif_is_found_and_named(said, out):
    table = pd.read_csv(out / "motifs.csv")
    assert said.startswith("made, AP1: 1 motif of ")
    assert len(table) == 1
    motif = table.iloc[0]
    assert motif["consensus"] in {"ATGACTCATC", "GATGAGTCAT"}
    assert motif["seqlets"] >= 70
    # The site of NF-E2 is that of AP-1 with one flank more.
    assert (motif["label"], motif["family"]) == ("NFE2", "Jun-related factors")
    assert motif["sign"] == 1


def test_seqlets_lie_on_the_planted_sites(out, seeing):
    table = pd.read_csv(out / "seqlets.csv").query("motif == 'pos1'")
    maps = store.open(seeing / "attributions" / "made" / "saliency" / "AP1.zarr")
    rows = [maps.ids.index(name) for name in table["sequence"]]
    words = {
        "".join("ACGTN"[code] for code in maps.codes(slice(row, row + 1))[0, start:end])
        for row, start, end in zip(rows, table["motif_start"], table["motif_end"], strict=True)
        if start >= 0
    }
    assert {"ATGACTCATC", "GATGAGTCAT"} <= words
    assert set(table["strand"]) == {"+", "-"}
    assert (table["q"] <= 0.1).all()


def test_bed_has_genome_coordinates(out):
    lines = [line.split("\t") for line in (out / "seqlets.bed").read_text().splitlines()]
    assert {len(line) for line in lines} == {7}
    for chrom, start, end, name, score, strand, sequence in lines:
        where, span = sequence.split(":")
        first, last = (int(place) for place in span.split("(")[0].split("-"))
        assert chrom == where
        assert first <= int(start) < int(end) <= last
        assert name in {"pos1", ""}
        assert 0 <= int(score) <= 1000
        assert strand in {"+", "-", "."}


def test_the_options_repeat_it(out, seeing, options):
    again = yaml.safe_load((seeing / "discover.yaml").read_text())
    assert again["shuffled"] == 80
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    discovering.run(options)
    assert before == {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def test_what_was_written_is_read(out, seeing):
    (found,) = discovered.read(seeing)
    assert [motif.name for motif in found.pwms] == ["pos1"]
    assert found.contributions[0].shape == (4, found.pwms[0].width)
    np.testing.assert_allclose(
        found.contributions[0].sum(), found.table["contribution"][0], rtol=1e-6
    )


def test_nothing_found_says_why(options, tmp_path):
    strict = dataclasses.replace(options, seqlets=dataclasses.replace(options.seqlets, cut=50.0))
    assert "no stretch stands out" in discovering.run(strict)
    few = dataclasses.replace(options, clusters=dataclasses.replace(options.clusters, least=500))
    assert "too few of" in discovering.run(few)
    (found,) = discovered.read(options.run)
    assert (len(found.table), found.pwms, found.contributions) == (0, [], [])
    discovering.run(options)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "ism"}, "no maps called 'ism'; there are saliency"),
        ({"targets": "SP1"}, "no maps of 'SP1'; there are those of AP1"),
        ({"motifs": MotifOptions(database="jaspar1999")}, "jaspar2026"),
    ],
)
def test_what_is_not_there(options, change, words):
    with pytest.raises(UserError, match=words):
        discovering.run(dataclasses.replace(options, **change))


def test_a_run_without_maps(tmp_path):
    with pytest.raises(UserError, match="no maps; make some with `cislens attribute"):
        discovering.run(Discover(run=tmp_path))


def test_one_sequence_alone_gives_an_honest_empty_table(seeing, options, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(seeing, run, ignore=shutil.ignore_patterns("attributions", "motifs"))
    attributing.run(Attribute(models=run, method="saliency", top=1))
    said = discovering.run(dataclasses.replace(options, run=run, shuffled=5))
    assert "made, AP1: no motif, as " in said
    (found,) = discovered.read(run)
    assert found.table.empty
    assert "no motif" in hit_calling.run(Hits(run=run))
