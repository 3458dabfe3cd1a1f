"""Maps of shuffled sequences."""

import copy
import dataclasses

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.maps import store
from cislens.pipeline import shuffled_maps


@pytest.fixture
def maps(seeing):
    return store.open(seeing / "attributions" / "made" / "saliency" / "AP1.zarr")


@pytest.fixture
def model(seeing):
    return seeing / "models" / "made" / "model.safetensors"


def dinucleotides(codes):
    pairs = codes[:-1].astype(int) * 5 + codes[1:]
    return np.bincount(pairs, minlength=25).tolist()


@pytest.mark.parametrize(
    ("count", "sources"), [(40, range(0, 80, 2)), (100, [*range(80), *range(20)])]
)
def test_shuffles_keep_dinucleotides_of_their_sources(maps, model, tmp_path, count, sources):
    null = shuffled_maps.make(maps, model, tmp_path / "null.zarr", count=count, seed=3)
    assert len(null) == count
    moved = 0
    for codes, source in zip(null.codes(), sources, strict=True):
        original = maps.codes(slice(source, source + 1))[0]
        assert dinucleotides(codes) == dinucleotides(original)
        moved += not np.array_equal(codes, original)
    assert moved == count
    assert null.gauge == maps.gauge
    assert null.header.provenance.target == "AP1"


def test_the_same_seed_is_not_made_twice_and_another_is(maps, model, tmp_path):
    path = tmp_path / "null.zarr"
    first = shuffled_maps.make(maps, model, path, count=10, seed=3).codes()
    before = (path / "zarr.json").stat().st_mtime_ns
    assert np.array_equal(first, shuffled_maps.make(maps, model, path, count=10, seed=3).codes())
    assert (path / "zarr.json").stat().st_mtime_ns == before
    assert not np.array_equal(
        first, shuffled_maps.make(maps, model, path, count=10, seed=4).codes()
    )


def said_to_be_by(maps, method, options):
    """The maps, with a header that names another method."""
    other = copy.copy(maps)
    work = dataclasses.replace(maps.header.provenance, method=method, options=options)
    other.header = dataclasses.replace(maps.header, provenance=work)
    return other


def test_the_method_is_that_of_the_maps(maps):
    options = {"references": "dinucleotide", "shuffles": 3, "strict": False}
    chosen = shuffled_maps.options(said_to_be_by(maps, "deeplift_shap", options), device="cpu")
    assert (chosen.method, chosen.deeplift_shap.shuffles) == ("deeplift_shap", 3)
    assert (chosen.gauge, chosen.device) == ("own", "cpu")


@pytest.mark.parametrize("options", [{"of": 3}, {}])
def test_a_consensus_cannot_be_made(maps, options):
    with pytest.raises(UserError, match="made by consensus, which cannot be made"):
        shuffled_maps.options(said_to_be_by(maps, "consensus", options))


def test_another_model_is_refused(maps, untrained, tmp_path):
    other = untrained / "models" / "relu" / "model.safetensors"
    with pytest.raises(UserError, match="made with other weights"):
        shuffled_maps.make(maps, other, tmp_path / "null.zarr", count=5, seed=0)
    with pytest.raises(UserError, match="no such file; wants the model"):
        shuffled_maps.make(maps, tmp_path / "no.safetensors", tmp_path / "n.zarr", count=5, seed=0)
    assert not (tmp_path / "null.zarr").exists()
