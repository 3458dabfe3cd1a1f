"""Discovered motifs of a run folder: what is read, and what is refused."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.report import motif_folder
from cislens.sequence import meme
from cislens.sequence.pwm import Pwm


def sharp(name, word):
    columns = np.full((4, len(word)), 0.04)
    columns[["ACGT".index(letter) for letter in word], range(len(word))] = 0.88
    return Pwm(name, columns, nsites=50.0)


def write(run, target="AP1", *, hits=True):
    """Write the motifs of a target as `cislens discover` and `cislens hits` do."""
    place = run / "motifs" / "relu" / "ism" / target
    place.mkdir(parents=True)
    (place / "motifs.csv").write_text(
        "name,sign,seqlets,consensus,information,contribution,cosine,target,label,family,e,q\n"
        "pos1,1,40,ATGACTCATC,13.5,4.25,0.9,MA1.1,NFE2,Jun-related,1e-8,1e-9\n"
        "neg1,-1,12,CCGGAAGTG,11.5,-2.5,0.8,,,,,\n"
    )
    meme.write(place / "motifs.meme", [sharp("pos1", "ATGACTCATC"), sharp("neg1", "CCGGAAGTG")])
    (place / "matches.csv").write_text(
        "query,target,target_label,p,e,q,offset,overlap,strand,explained\n"
        "pos1,MA1.1,NFE2,1e-11,1e-8,1e-9,1,8,-,0.9\n"
        "pos1,MA2.1,FOS,1e-9,1e-6,1e-7,0,8,+,0.8\n"
        "neg1,MA2.1,FOS,1e-2,5,0.9,0,8,+,0.5\n"
    )
    meme.write(place / "matched.meme", [sharp("MA1.1", "GATGAGTCA"), sharp("MA2.1", "TGACTCA")])
    (place / "seqlets.csv").write_text(
        "start,end,motif,motif_start,motif_end\n10,20,pos1,10,20\n30,40,pos1,29,39\n5,9,,-1,-1\n"
    )
    if hits:
        (place / "motif_hits.csv").write_text(
            "name,hits,sequences,contribution,matched,matches,acting\n"
            "pos1,44,40,4.0,0.9,50,0.8\nneg1,0,0,,,3,0.0\n"
        )
    return place


def write_merged(run):
    (run / "motifs" / "merged.csv").write_text(
        "name,label,family,target,e,q,consensus,information,trainings,of_trainings,sources,tasks,"
        "members,found_as\n"
        'motif1,NFE2,Jun-related,MA1.1,1e-8,1e-9,ATGACTCATC,13.5,2,3,"ism, filters",AP1,3,'
        '"relu/ism/AP1: pos1; relu/filters: filter_3"\n'
    )
    meme.write(run / "motifs" / "merged.meme", [sharp("motif1", "ATGACTCATC")])


def test_all_of_it_is_read(tmp_path):
    write(tmp_path)
    write_merged(tmp_path)
    found = motif_folder.read(tmp_path)
    (mine,) = found.targets
    assert (mine.model, mine.maps, mine.target) == ("relu", "ism", "AP1")
    assert [row["name"] for row in mine.table] == ["pos1", "neg1"]
    assert mine.matches["pos1"]["target"] == "MA1.1"
    assert mine.places == {"pos1": [15.0, 34.0]}
    assert mine.hits["pos1"]["hits"] == 44
    assert found.merged[0]["trainings"] == 2
    assert list(found.merged_motifs) == ["motif1"]


def test_a_run_without_motifs(tmp_path):
    assert motif_folder.read(tmp_path) is None


def test_hits_and_the_merged_table_may_be_absent(tmp_path):
    write(tmp_path, hits=False)
    found = motif_folder.read(tmp_path)
    assert found.targets[0].hits == {}
    assert found.merged == []


def test_a_motif_without_its_matrix(tmp_path):
    place = write(tmp_path)
    meme.write(place / "motifs.meme", [sharp("pos1", "ATGACTCATC")])
    with pytest.raises(UserError, match="no motif 'neg1', which is in"):
        motif_folder.read(tmp_path)


def test_a_file_that_is_missing(tmp_path):
    place = write(tmp_path)
    (place / "seqlets.csv").unlink()
    with pytest.raises(UserError, match="seqlets"):
        motif_folder.read(tmp_path)
