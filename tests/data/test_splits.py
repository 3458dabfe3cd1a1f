import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from cislens.data import splits
from cislens.errors import UserError

SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}


@pytest.mark.parametrize("n", [10, 11, 37, 1000])
def test_shares_are_exact_to_one_sequence(rng, n):
    counts = Counter(splits.by_fraction(n, fractions=SHARES, rng=rng).tolist())
    assert sum(counts.values()) == n
    assert all(abs(counts[name] - n * share) < 1.01 for name, share in SHARES.items())


def test_fractions_follow_the_generator():
    first, again, other = (
        splits.by_fraction(50, fractions=SHARES, rng=np.random.default_rng(seed)).tolist()
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_every_place_is_equally_likely(rng):
    shares = {"train": 0.5, "valid": 0.5}
    draws = np.array([splits.by_fraction(4, fractions=shares, rng=rng) for _ in range(2000)])
    # Binomial with 2,000 draws of 1/2: five standard deviations are 112.
    assert np.abs((draws == "validation").sum(axis=0) - 1000).max() < 112


def test_share_of_nothing_is_allowed(rng):
    names = splits.by_fraction(9, fractions={"train": 1.0, "test": 0.0}, rng=rng)
    assert set(names.tolist()) == {"train"}


@pytest.mark.parametrize(
    ("fractions", "message"),
    [
        ({"train": 0.5, "test": 0.1}, "shares that sum to 1"),
        ({"train": 1.5, "test": -0.5}, "shares that sum to 1"),
        ({}, "shares that sum to 1"),
        ({"train": 0.5, "held out": 0.5}, "split 'held out': known names are"),
        ({"train": 0.99, "test": 0.01}, "9 sequences leave none for test"),
    ],
)
def test_wrong_fractions(rng, fractions, message):
    with pytest.raises(UserError, match=message):
        splits.by_fraction(9, fractions=fractions, rng=rng)


def test_chromosomes():
    names = splits.by_chromosome(
        ["chr1", "chr7", "chr8", "chr1", "chr9"], validation=["chr7"], test=["chr8", "chr9"]
    )
    assert names.tolist() == ["train", "validation", "test", "train", "test"]


@pytest.mark.parametrize(
    ("validation", "test", "message"),
    [
        (["7"], ["2"], "chromosome '7': present are 1, 2, 3"),
        (["1"], ["1"], "chromosome '1' is in validation and in test"),
        (["1", "2"], ["3"], "no sequence is left for train"),
    ],
)
def test_wrong_chromosomes(validation, test, message):
    with pytest.raises(UserError, match=message):
        splits.by_chromosome(["1", "2", "3"], validation=validation, test=test)


def test_column_takes_other_names():
    values = ["train", "Valid", "val", "dev", "TEST", "training", "validation"]
    assert splits.by_column(values).tolist() == [
        "train", "validation", "validation", "validation", "test", "train", "validation",
    ]  # fmt: skip


def test_unknown_name_in_column():
    with pytest.raises(UserError, match="split 'fold1': known names are train, validation, test"):
        splits.by_column(["train", "fold1"])


def test_column_without_train():
    with pytest.raises(
        UserError, match="no sequence is left for train, the column holds only test"
    ):
        splits.by_column(["test", "test"])


def test_plans_and_text_readers_leave_torch_alone():
    program = (
        "import sys; from cislens.data import fasta, placements, splits, table; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
