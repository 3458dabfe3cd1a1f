"""Motifs of several networks and runs in one table."""

import shutil

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.pipeline import discovering, folder, merged
from cislens.pipeline.discover_options import Discover, Merge
from cislens.pipeline.options import MotifOptions
from cislens.sequence import meme, pwm
from cislens.sequence.pwm import Pwm

CHOSEN = MotifOptions(database="jaspar2016")


def sharp(name, word):
    columns = np.full((4, len(word)), 0.04)
    columns[["ACGT".index(letter) for letter in word], range(len(word))] = 0.88
    return Pwm(name, columns, nsites=50.0)


@pytest.fixture(scope="module")
def runs(seeing, tmp_path_factory):
    """Two runs with the motif of their maps; filters of the second show it, and another one."""
    discovering.run(Discover(run=seeing, shuffled=80, motifs=CHOSEN))
    other = tmp_path_factory.mktemp("runs") / "other"
    shutil.copytree(seeing, other)
    site = sharp("filter_3", "ATGACTCATC")
    filters = [pwm.reverse_complement(site), sharp("filter_4", "CCGGAAGTG")]
    meme.write(other / "models" / "made" / "filters.meme", filters)
    return [seeing, other]


def test_one_motif_of_two_runs_is_one_row(runs, tmp_path):
    said = merged.run(Merge(runs=runs, out=tmp_path, motifs=CHOSEN))
    table = pd.read_csv(tmp_path / "merged.csv", keep_default_na=False)
    assert table["members"].tolist() == [3, 1]
    first = table.iloc[0]
    assert (first["label"], first["trainings"], first["of_trainings"]) == ("NFE2", 2, 2)
    assert first["family"] == "Jun-related factors"
    assert (first["sources"], first["tasks"]) == ("saliency, filters", "AP1")
    made = f"{runs[0].name}/made/saliency/AP1: pos1"
    assert made in first["found_as"]
    assert "other/made/filters: filter_3" in first["found_as"]
    assert table.iloc[1]["found_as"] == "other/made/filters: filter_4"
    assert [motif.name for motif in meme.read(tmp_path / "merged.meme")] == ["motif1", "motif2"]
    assert said == (
        "2 motifs after merging; named ones and the trainings that found them: NFE2 (2 of 2)"
    )


def test_discover_merges_its_own(runs):
    table = pd.read_csv(runs[0] / "motifs" / "merged.csv")
    assert table["found_as"].tolist() == ["made/saliency/AP1: pos1"]


def test_nothing_to_merge(tmp_path, untrained):
    with pytest.raises(UserError, match="no motifs; find some with `cislens filters` or"):
        merged.run(Merge(runs=untrained, out=tmp_path / "out", motifs=CHOSEN))
    with pytest.raises(UserError, match="none is named"):
        merged.run(Merge(runs=[], out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_dna_and_rna_do_not_mix(runs, tmp_path):
    rna = tmp_path / "rna"
    shutil.copytree(runs[1], rna)
    shutil.rmtree(rna / "motifs")
    folder.write_json(rna / "data.json", {"alphabet": "RNA"})
    with pytest.raises(UserError, match="of DNA and RNA; merge those of one alphabet"):
        merged.run(Merge(runs=[runs[0], rna], out=tmp_path / "out", motifs=CHOSEN))
