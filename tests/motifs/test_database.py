"""Databases of known motifs: JASPAR releases as pyjaspar reads them, and files."""

import numpy as np
import pyjaspar
import pytest

from cislens.errors import UserError
from cislens.motifs import database
from cislens.sequence import jaspar, meme
from cislens.sequence.pwm import Pwm


@pytest.mark.parametrize(
    ("release", "taxon", "number"),
    [
        ("jaspar2014", "vertebrates", 205),
        ("jaspar2016", "vertebrates", 519),
        ("jaspar2018", "vertebrates", 579),
        ("jaspar2020", "vertebrates", 746),
        ("jaspar2020", "plants", 530),
        ("jaspar2022", "vertebrates", 841),
        ("jaspar2024", "vertebrates", 879),
        ("jaspar2026", "vertebrates", 1019),
        ("jaspar2016", "all", 1082),
    ],
)
def test_numbers_are_those_that_jaspar_states(release, taxon, number):
    assert len(database.load(release, taxon=taxon)) == number


@pytest.mark.parametrize("taxon", ["insects", "fungi", "nematodes"])
def test_motifs_are_those_of_pyjaspar(taxon):
    connection = pyjaspar.jaspardb(release="JASPAR2018")
    slow = connection.fetch_motifs(collection="CORE", tax_group=taxon)
    connection.conn.close()
    fast = {motif.name: motif for motif in database.load("jaspar2018", taxon=taxon)}
    assert set(fast) == {motif.matrix_id for motif in slow}
    assert list(fast) == sorted(fast)
    for motif in slow:
        counts = np.array([motif.counts[base] for base in "ACGT"])
        np.testing.assert_allclose(fast[motif.matrix_id].probabilities, counts / counts.sum(axis=0))
        assert fast[motif.matrix_id].label == motif.name
        assert fast[motif.matrix_id].nsites == counts.sum(axis=0).max()


def test_every_release_of_pyjaspar_is_known():
    assert set(database.RELEASES) == {name.lower() for name in pyjaspar.jaspar_releases}
    assert database.RELEASES[-1] == "jaspar2026"


def test_only_the_latest_version_of_a_motif_is_given():
    bases = [motif.name.split(".")[0] for motif in database.load("jaspar2026", taxon="all")]
    assert len(bases) == len(set(bases))


def test_names_and_taxa_may_be_in_any_case():
    assert len(database.load("JASPAR2016", taxon="Vertebrates")) == 519


def test_other_collections_are_read():
    names = {motif.name for motif in database.load("jaspar2024", collection="UNVALIDATED")}
    assert names
    assert names.isdisjoint(motif.name for motif in database.load("jaspar2024"))


def test_a_file_is_read_whole(tmp_path):
    motif = Pwm("M1", np.eye(4), label="one")
    meme.write(tmp_path / "known.meme", [motif])
    (read,) = database.load(tmp_path / "known.meme")
    assert (read.name, read.label) == ("M1", "one")


def test_families_are_those_of_the_release():
    families = database.families("jaspar2026")
    assert families["MA0050.1"] == "Interferon-regulatory factors"
    assert len(families) > 4000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"name_or_path": "jaspar2025"},
            r"did you mean 'jaspar202\d'.*jaspar2014, jaspar2016.*file",
        ),
        ({"name_or_path": "jaspar2025", "option": "--db"}, "^--db='jaspar2025': did you mean"),
        ({"name_or_path": "no/such.meme"}, "no motif file of this name"),
        ({"name_or_path": "jaspar2016", "taxon": "vertebrate"}, "did you mean 'vertebrates'.*all"),
        ({"name_or_path": "jaspar2016", "collection": "COER"}, "did you mean 'CORE'"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(arguments, message):
    with pytest.raises(UserError, match=message):
        database.load(**arguments)


def test_families_of_an_unknown_release_are_refused():
    with pytest.raises(UserError, match="release='jaspar2015'"):
        database.families("jaspar2015")


def test_the_published_selections_of_2016_are_the_same(real_data):
    ours = {motif.name: motif for motif in database.load("jaspar2016")}
    drawn = {motif.name: motif for motif in jaspar.read(real_data / "motifs/pfm_vertebrates.txt")}
    assert set(ours) == set(drawn)
    for name, motif in ours.items():
        np.testing.assert_array_equal(motif.probabilities, drawn[name].probabilities)
        assert motif.nsites == drawn[name].nsites
    matched = database.load(real_data / "motifs/JASPAR_CORE_2016_vertebrates.meme")
    assert set(ours) - {motif.name for motif in matched} == {"MA0615.1"}
    for motif in matched:
        np.testing.assert_allclose(motif.probabilities, ours[motif.name].probabilities, atol=2e-5)
