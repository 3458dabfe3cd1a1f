"""Maps read back lazily and in every form."""

import json

import numpy as np
import pytest
import torch

from cislens.errors import UserError
from cislens.maps import store
from cislens.sequence import attributions
from cislens.sequence.attributions import Attributions


@pytest.fixture
def expected(making):
    return making.block(slice(0, 7))


def test_everything_reads_back(stored, expected):
    maps = store.open(stored)
    assert len(maps) == 7
    assert np.array_equal(maps.values(), expected.values)
    assert np.array_equal(maps.codes(slice(2, 5)), expected.codes[2:5])
    assert np.array_equal(maps.deltas(np.array([6, 0])), expected.deltas[[6, 0]])
    assert np.array_equal(maps.outputs, np.arange(7))
    assert maps.ids == [f"s{i}" for i in range(7)]
    assert maps.header.reference == "3 dinucleotide shuffles"
    assert (maps.header.provenance.target, maps.gauge) == ("SP1", "hypothetical")


def test_notes_know_their_rows(stored):
    maps = store.open(stored)
    assert maps.notes(0) == ["all", "first"]
    assert maps.notes(6) == ["all"]
    assert [note.rows for note in maps.header.notes] == [((0, 7),), ((0, 3),)]


def test_places_and_sites(stored):
    maps = store.open(stored)
    assert maps.places.chrom.tolist() == ["", "chr2", "chr10", "", "chr2", "chr10", ""]
    assert maps.places.strand.tolist() == ["+", "-", ".", "+", "-", ".", "+"]
    assert maps.places.end.tolist() == [4 * i + 6 for i in range(7)]
    one, other = maps.sites(1)
    assert (one.start, one.end, one.strand, one.name, one.label) == (0, 3, "+", "MA0079.3", "SP1")
    assert one.information.tolist() == [0.5, 1.5, 2.0]
    assert other.information.tolist() == [2.0, 1.5, 0.5]
    assert maps.sites(0) == []


def as_attributions(maps, gauge):
    return Attributions(torch.from_numpy(maps.values()), method="m", target="t", gauge=gauge)


@pytest.mark.parametrize("gauge", ["local", "hypothetical", "corrected", "taylor"])
def test_forms_are_those_of_the_library(making, tmp_path, gauge):
    maps = store.open(making.write(tmp_path / "a.zarr", form=gauge))
    whole = as_attributions(maps, gauge)
    wanted = whole if gauge == "hypothetical" else attributions.regauge(whole, to="corrected")
    np.testing.assert_allclose(maps.hypothetical(), wanted.values.numpy(), atol=1e-6)
    onehot = torch.from_numpy(maps.onehot()).float()
    own = attributions.projected(wanted, onehot).values.sum(dim=1).numpy()
    np.testing.assert_allclose(maps.projected(), own, atol=1e-6)
    assert np.array_equal(maps.projected(slice(4, 6)), maps.projected()[4:6])
    assert not maps.projected()[maps.codes() == 4].any()


@pytest.mark.parametrize("gauge", ["global", "projected"])
def test_maps_of_the_sequence_alone_have_no_hypothetical_form(making, tmp_path, gauge):
    maps = store.open(making.write(tmp_path / "a.zarr", form=gauge))
    assert np.array_equal(maps.projected(), maps.values().sum(axis=1))
    with pytest.raises(UserError, match=f"gave a {gauge} map"):
        maps.hypothetical()


def test_only_the_chunks_asked_for_are_read(stored, monkeypatch):
    (stored / "values" / "c" / "0" / "0" / "0").write_bytes(b"damaged")
    assert store.open(stored).values(slice(3, 7)).shape == (4, 4, 6)


def test_a_missing_chunk_is_no_map_of_zeros(stored):
    (stored / "values" / "c" / "1" / "0" / "0").unlink()
    with pytest.raises(UserError, match="chunks of values are missing"):
        store.open(stored)


def test_what_is_no_store_is_refused(tmp_path, stored):
    with pytest.raises(UserError, match="no such store of maps"):
        store.open(tmp_path / "none.zarr")
    (tmp_path / "empty.zarr").mkdir()
    with pytest.raises(UserError, match="this is no store of maps"):
        store.open(tmp_path / "empty.zarr")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("format_version", 2, "reads up to 1"),
        ("channels", list("AGCT"), "stored as AGCT"),
        ("complete", False, "not all maps are there"),
    ],
)
def test_another_format_is_refused(stored, key, value, said):
    path = stored / "zarr.json"
    document = json.loads(path.read_text())
    document["attributes"]["cislens_maps"][key] = value
    path.write_text(json.dumps(document))
    with pytest.raises(UserError, match=said):
        store.open(stored)
