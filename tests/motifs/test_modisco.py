"""TF-MoDISco, where it is installed; what is said where it is not."""

import builtins

import h5py
import numpy as np
import pytest

from cislens.errors import UserError
from cislens.motifs import modisco
from cislens.motifs.discovery import ModiscoOptions

SITE = np.array([0, 3, 2, 0, 1, 3, 1, 0, 3])  # ATGACTCAT
BEGIN, LENGTH = 60, 140


@pytest.fixture(scope="module")
def planted():
    """Sequences with a site, every second as its reverse complement, and their maps."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (300, LENGTH)).astype(np.uint8)
    values = rng.normal(scale=0.01, size=(300, 4, LENGTH)).astype(np.float32)
    for row in range(300):
        site = SITE if row % 2 == 0 else 3 - SITE[::-1]
        for place, code in enumerate(site, start=BEGIN + row % 7):
            codes[row, place] = code
            values[row, :, place] -= 0.3
            values[row, code, place] += 1.2
    return codes, values


@pytest.mark.slow
def test_short_sequences_are_told_of(planted):
    pytest.importorskip("modiscolite")
    codes, values = planted
    found = modisco.find(codes[:, 20:100], values[:, :, 20:100], ModiscoOptions(runs=2))
    assert not found.patterns
    assert "below 100 bp, and these sequences have 80" in found.reason


def test_missing_extra_is_told(planted, monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("modiscolite"):
            raise ImportError("No module named 'modiscolite'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UserError, match=r"pip install 'cislens\[modisco\]'"):
        modisco.find(*planted, ModiscoOptions())


@pytest.mark.slow
def test_a_planted_motif_is_found_where_it_lies(planted, tmp_path):
    pytest.importorskip("modiscolite")
    codes, values = planted
    out = tmp_path / "modisco.h5"
    found = modisco.find(codes, values, ModiscoOptions(runs=2), out=out)
    (pattern,) = found.patterns
    cluster = pattern.cluster
    assert pattern.sign == 1
    assert len(pattern.rows) > 150
    spelt = cluster.counts.argmax(axis=0)
    forward = np.array_equal(spelt, SITE)
    assert forward or np.array_equal(spelt, 3 - SITE[::-1])
    begins = pattern.starts + cluster.starts
    assert (begins == BEGIN + pattern.rows % 7).mean() > 0.95
    assert ((pattern.rows % 2 == 0) == (cluster.flipped != forward)).all()
    assert cluster.cosines.min() > 0.5
    assert "lowers the output" in found.reason
    with h5py.File(out) as file:
        assert file["pos_patterns/pattern_0/seqlets/start"].shape == pattern.rows.shape


@pytest.mark.slow
def test_nothing_is_said_to_be_nothing(tmp_path):
    pytest.importorskip("modiscolite")
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (40, 120)).astype(np.uint8)
    values = rng.normal(size=(40, 4, 120)).astype(np.float32)
    found = modisco.find(codes, values, ModiscoOptions(runs=2), out=tmp_path / "m.h5")
    assert not found.patterns
    assert "at most 100 seqlets" in found.reason
