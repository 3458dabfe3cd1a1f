"""Shares of letters and pairs, against counting in text."""

import numpy as np

from cislens.data import composition


def test_shares_equal_counts_in_text(rng):
    codes = rng.integers(0, 5, (30, 41)).astype(np.uint8)
    gc, pairs = composition.gc(codes), composition.dinucleotides(codes)
    for row, found, shares in zip(codes, gc, pairs, strict=True):
        text = "".join("ACGTN"[code] for code in row)
        known = text.replace("N", "")
        assert found[0] == (known.count("G") + known.count("C")) / len(known)
        seen = [text[i : i + 2] for i in range(40) if "N" not in text[i : i + 2]]
        np.testing.assert_allclose(shares, [seen.count(p) / len(seen) for p in composition.PAIRS])


def test_nothing_known_is_zero():
    unknown = np.full((2, 5), 4, np.uint8)
    assert not composition.gc(unknown).any()
    assert not composition.dinucleotides(unknown).any()
