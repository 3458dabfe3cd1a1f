"""Likeness between splits, against laying every pair over each other at every shift."""

import numpy as np
import pytest

from cislens.data import _words, dataset, similarity
from cislens.errors import UserError
from cislens.sequence import alphabet as alphabets
from cislens.sequence.alphabet import DNA, RNA


@pytest.fixture
def view(tmp_path):
    """Write codes and open them."""

    def write(codes, name, alphabet=DNA):
        path = tmp_path / f"{name}.zarr"
        options = {"alphabet": alphabet, "tasks": ("t",), "target_kind": "binary", "provenance": {}}
        with dataset.create(path, length=codes.shape[1], **options) as writer:
            ids = [str(row) for row in range(len(codes))]
            writer.append(codes, np.zeros((len(codes), 1)), ids=ids)
        return dataset.open(path).view()

    return write


def shares(one, other, overlap):
    """Share of equal bases, and longest run of them, at every shift with enough overlap."""
    length = len(one)
    for shift in range(-length + 1, length):
        left = one[max(0, -shift) : min(length, length - shift)]
        right = other[max(0, shift) : min(length, length + shift)]
        if len(left) >= overlap * length:
            equal = (left == right) & (left < 4)
            runs = "".join("x" if same else " " for same in equal).split()
            yield equal.mean(), max(map(len, runs), default=0)


def best(one, other, overlap):
    """The highest share of any shift and strand, and of those with a run that must be found."""
    found = [
        pair
        for strand in (one, alphabets.reverse_complement(one[None])[0])
        for pair in shares(strand, other, overlap)
    ]
    sure = [share for share, run in found if run >= _words.STRETCH]
    return max(share for share, _ in found), max(sure, default=0.0)


def changed(codes, count, rng):
    codes = codes.copy()
    for row in codes:
        places = rng.choice(len(row), count, replace=False)
        row[places] = (row[places] + rng.integers(1, 4, count)) % 4
    return codes


@pytest.fixture
def related(rng):
    """Rows beside rows that are parts of them, changed, shifted, turned, with N; and others."""
    there = rng.integers(0, 4, (14, 60)).astype(np.uint8)
    here = rng.integers(0, 4, (14, 60)).astype(np.uint8)
    for row, (shift, changes) in enumerate([(0, 0), (0, 5), (7, 3), (-12, 4), (25, 3), (40, 0)]):
        part = changed(there[row : row + 1], changes, rng)[0]
        here[row] = np.roll(part, shift)
        if shift > 0:
            here[row, :shift] = rng.integers(0, 4, shift)
        here[row + 6] = alphabets.reverse_complement(here[row][None])[0]
    here[0, 20:23] = 4
    return here, there


@pytest.mark.parametrize(("identity", "overlap"), [(0.9, 0.5), (0.8, 0.3), (1.0, 1.0)])
def test_equals_every_pair_laid_over_each_other(view, related, identity, overlap):
    here, there = related
    found = similarity.find(
        view(here, "here"), view(there, "there"), identity=identity, overlap=overlap
    )
    likeness = np.array([[best(a, b, overlap) for b in there] for a in here])
    must = set(np.flatnonzero((likeness[..., 1] >= identity).any(axis=1)))
    may = set(np.flatnonzero((likeness[..., 0] >= identity).any(axis=1)))
    assert must <= set(found.rows) <= may
    assert len(must) >= (1 if identity == 1 else 6)
    for row, partner, share in zip(*found, strict=True):
        assert identity <= share <= likeness[row, partner, 0] + 1e-12


@pytest.mark.parametrize("blocks", [{"_BLOCK": 5}, {"_INDEXED": 60 * 7}])
def test_blocks_change_nothing(view, related, monkeypatch, blocks):
    views = [view(codes, name) for codes, name in zip(related, ("here", "there"), strict=True)]
    whole = similarity.find(*views)
    for name, value in blocks.items():
        monkeypatch.setattr(similarity, name, value)
    told = []
    again = similarity.find(*views, tell=lambda done, total: told.append((done, total)))
    assert again.rows.tolist() == whole.rows.tolist()
    assert told[-1][0] == told[-1][1]


def test_strands_of_rna_differ(view, rng):
    codes = rng.integers(0, 4, (6, 50)).astype(np.uint8)
    turned = alphabets.reverse_complement(codes)
    here, there = view(codes, "here", RNA), view(turned, "there", RNA)
    assert not len(similarity.find(here, there).rows)
    assert len(similarity.find(here, here).rows) == 6


@pytest.mark.parametrize("letters", ["A", "AT", "ACG"])
def test_repeats_are_found_among_many_that_share_their_words(view, letters, rng, monkeypatch):
    monkeypatch.setattr(similarity, "_COMPARED", 3)
    half = np.array([["ACGT".index(letters[i % len(letters)]) for i in range(30)]] * 40, np.uint8)
    there = np.hstack([half, rng.integers(0, 4, (40, 30)).astype(np.uint8)])
    found = similarity.find(view(there, "here"), view(there, "there"))
    assert found.rows.tolist() == list(range(40))


def test_unrelated_sequences_are_not_alike(view, rng):
    codes = rng.integers(0, 4, (400, 60)).astype(np.uint8)
    assert not len(similarity.find(view(codes[:200], "here"), view(codes[200:], "there")).rows)
    unknown = np.full((3, 60), 4, np.uint8)
    assert not len(similarity.find(view(unknown, "n"), view(unknown, "m")).rows)


def test_shorter_than_a_word(view, rng):
    codes = rng.integers(0, 4, (3, 8)).astype(np.uint8)
    assert not len(similarity.find(view(codes, "here"), view(codes, "there")).rows)


def test_what_cannot_be_compared_is_told(view, rng):
    one, other = (view(rng.integers(0, 4, (2, n)).astype(np.uint8), str(n)) for n in (30, 40))
    with pytest.raises(UserError, match="30 bp of DNA and 40 bp of DNA"):
        similarity.find(one, other)
    with pytest.raises(UserError, match="identity=0: a share above 0"):
        similarity.find(one, one, identity=0.0)
