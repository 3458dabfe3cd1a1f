"""Motifs: what is let in, and statistics against slow sums."""

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from cislens.errors import UserError
from cislens.sequence import pwm
from cislens.sequence.alphabet import RNA
from cislens.sequence.pwm import Pwm

SKEWED = np.array([0.3, 0.2, 0.1, 0.4])


def column_of(text):
    """Columns of certainty for letters, of 0.25 each for N."""
    columns = [[0.25] * 4 if c == "N" else [float(c == base) for base in "ACGT"] for c in text]
    return np.array(columns).T


@pytest.fixture
def motif(rng):
    return Pwm("M1", rng.dirichlet(np.ones(4), 9).T, "Toy", SKEWED, 30.0)


def test_arrays_are_copied_and_read_only():
    probabilities = column_of("ACGT")
    motif = Pwm("M1", probabilities)
    probabilities[:] = 0
    np.testing.assert_array_equal(motif.probabilities, column_of("ACGT"))
    for array in (motif.probabilities, motif.background):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_fields_are_frozen_and_a_copy_changes_one(motif):
    with pytest.raises(dataclasses.FrozenInstanceError):
        motif.name = "M2"
    renamed = dataclasses.replace(motif, name="M2")
    assert (renamed.name, renamed.label, renamed.nsites) == ("M2", "Toy", 30.0)
    np.testing.assert_array_equal(renamed.probabilities, motif.probabilities)


def test_without_more_the_background_is_uniform_and_the_sites_unknown():
    motif = Pwm("M1", column_of("ACG"))
    assert motif.background.tolist() == [0.25] * 4
    assert (motif.label, motif.nsites, motif.width) == ("", None, 3)


def test_columns_that_almost_sum_to_one_are_scaled():
    motif = Pwm("M1", np.array([[0.3335], [0.3335], [0.3335], [0.0]]))
    np.testing.assert_allclose(motif.probabilities.sum(axis=0), 1, rtol=0, atol=1e-15)


def test_columns_that_sum_to_one_but_for_rounding_keep_their_bits(rng):
    counts = rng.integers(1, 1000, (4, 200)).astype(float)
    shares = counts / counts.sum(axis=0)
    np.testing.assert_array_equal(Pwm("M1", shares).probabilities, shares)


def test_integers_and_single_precision_become_double():
    assert Pwm("M1", column_of("ACG").astype(int)).probabilities.dtype == np.float64
    assert Pwm("M1", column_of("ACG").astype(np.float32)).probabilities.dtype == np.float64


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        (np.full((3, 2), 1 / 3), r"shape \(3, 2\); wants four rows"),
        (np.full((4, 0), 0.25), "at least one column"),
        (np.full(4, 0.25), r"shape \(4,\)"),
        (column_of("AC") * 0.99, "sum to 0.99 in column 0; wants 1"),
        (column_of("AC") * 20, "from_counts"),
        (np.array([[1.5], [-0.5], [0], [0]]), "below 0"),
        (np.array([[np.nan], [0], [0], [1]]), "NaN"),
    ],
)
def test_what_is_no_probability_is_an_error(probabilities, message):
    with pytest.raises(UserError, match=f"Pwm 'M1'.*{message}"):
        Pwm("M1", probabilities)


@pytest.mark.parametrize(
    ("background", "message"),
    [
        (np.full(3, 1 / 3), "background of shape"),
        (np.full((4, 1), 0.25), "background of shape"),
        (np.full(4, 0.2), "background sum to 0.8"),
        (np.array([0.5, 0.5, 0, 0]), "no base may have 0"),
    ],
)
def test_what_is_no_background_is_an_error(background, message):
    with pytest.raises(UserError, match=message):
        Pwm("M1", column_of("AC"), background=background)


@pytest.mark.parametrize("nsites", [-1.0, float("nan"), float("inf")])
def test_what_is_no_number_of_sites_is_an_error(nsites):
    with pytest.raises(UserError, match="nsites="):
        Pwm("M1", column_of("AC"), nsites=nsites)


def test_counts_are_divided_by_their_column():
    motif = pwm.from_counts(np.array([[3, 0], [1, 0], [0, 2], [0, 6]]), name="M1", label="Toy")
    assert motif.probabilities.T.tolist() == [[0.75, 0.25, 0, 0], [0, 0, 0.25, 0.75]]
    assert (motif.name, motif.label, motif.nsites) == ("M1", "Toy", 8.0)


def test_a_pseudocount_is_spread_as_the_background():
    counts = np.array([[8], [0], [0], [0]])
    motif = pwm.from_counts(counts, name="M1", background=SKEWED, pseudocount=2.0)
    np.testing.assert_allclose(motif.probabilities[:, 0], [0.86, 0.04, 0.02, 0.08])
    assert motif.nsites == 8


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (np.ones((3, 2)), "wants .4, width"),
        (-np.ones((4, 2)), "below 0"),
        (np.full((4, 2), np.inf), "infinite"),
        (np.array([[1, 0]] * 4), "column 1 has none"),
    ],
)
def test_what_is_no_count_is_an_error(counts, message):
    with pytest.raises(UserError, match=f"counts of 'M1'.*{message}"):
        pwm.from_counts(counts, name="M1")


def test_information_is_the_relative_entropy(motif):
    expected = [stats.entropy(p, SKEWED, base=2) for p in motif.probabilities.T]
    np.testing.assert_allclose(pwm.information(motif), expected, rtol=1e-12)


def test_information_of_known_columns():
    motif = Pwm("M1", np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4]).T)
    np.testing.assert_allclose(pwm.information(motif), [2, 1, 0], atol=1e-12)
    rare = Pwm("M1", column_of("G"), background=SKEWED)
    np.testing.assert_allclose(pwm.information(rare), [-math.log2(0.1)])


def test_information_of_the_background_is_never_below_zero(rng):
    for _ in range(50):
        background = rng.dirichlet(np.full(4, 5.0))
        same = Pwm("M1", np.repeat(background[:, None], 3, axis=1), background=background)
        assert (pwm.information(same) >= 0).all()
        np.testing.assert_allclose(pwm.information(same), 0, atol=1e-12)


def test_a_pseudocount_takes_information_away(motif):
    assert (pwm.information(motif, pseudocount=0.5) < pwm.information(motif)).all()


def test_log_odds_are_logs_of_ratios(motif):
    expected = np.empty((4, motif.width))
    for base, column in np.ndindex(expected.shape):
        mixed = (motif.probabilities[base, column] + 0.1 * SKEWED[base]) / 1.1
        expected[base, column] = math.log2(mixed / SKEWED[base])
    np.testing.assert_allclose(pwm.log_odds(motif, pseudocount=0.1), expected, rtol=1e-12)


def test_log_odds_of_what_is_never_seen_are_minus_infinity():
    assert pwm.log_odds(Pwm("M1", column_of("A")), pseudocount=0.0).tolist() == [
        [2], [-math.inf], [-math.inf], [-math.inf]
    ]  # fmt: skip


def test_information_is_the_mean_of_the_log_odds(motif):
    mean = (motif.probabilities * pwm.log_odds(motif, pseudocount=0.0)).sum(axis=0)
    np.testing.assert_allclose(pwm.information(motif), mean, rtol=1e-12)


@pytest.mark.parametrize("function", [pwm.information, pwm.log_odds])
def test_a_pseudocount_below_zero_is_an_error(motif, function):
    with pytest.raises(UserError, match=r"pseudocount=-1\.0"):
        function(motif, pseudocount=-1.0)


@pytest.mark.parametrize(
    ("column", "letter"),
    [
        ([0.97, 0.01, 0.01, 0.01], "A"),
        ([0.0, 0.6, 0.2, 0.2], "C"),
        ([0.5, 0.0, 0.5, 0.0], "R"),
        ([0.05, 0.45, 0.0, 0.5], "Y"),
        ([0.6, 0.4, 0.0, 0.0], "M"),
        ([0.1, 0.0, 0.4, 0.5], "K"),
        ([0.25, 0.25, 0.25, 0.25], "N"),
        ([0.375, 0.375, 0.125, 0.125], "N"),
    ],
)
def test_consensus_spells_a_column_in_iupac(column, letter):
    assert pwm.consensus(Pwm("M1", np.array([column]).T)) == letter


def test_consensus_of_a_motif():
    assert pwm.consensus(Pwm("M1", column_of("TGANTCA"))) == "TGANTCA"


def test_consensus_of_rna_has_u():
    assert pwm.consensus(Pwm("M1", column_of("TGTANATA")), alphabet=RNA) == "UGUANAUA"


def test_reverse_complement_of_a_motif(motif):
    other = pwm.reverse_complement(motif)
    for base, pair in zip(range(4), (3, 2, 1, 0), strict=True):
        np.testing.assert_array_equal(other.probabilities[base], motif.probabilities[pair][::-1])
    np.testing.assert_array_equal(other.background, SKEWED[::-1])
    assert (other.name, other.label, other.nsites) == ("M1", "Toy", 30.0)
    again = pwm.reverse_complement(other)
    np.testing.assert_array_equal(again.probabilities, motif.probabilities)
    np.testing.assert_allclose(pwm.information(other), pwm.information(motif)[::-1])


@pytest.mark.parametrize(
    ("text", "flank", "span"),
    [
        ("NNACNGTN", 0, (2, 7)),
        ("NNACNGTN", 1, (1, 8)),
        ("NNACNGTN", 9, (0, 8)),
        ("ACGT", 0, (0, 4)),
        ("NANN", 0, (1, 2)),
        ("NNNN", 0, (0, 4)),
    ],
)
def test_trim_keeps_what_its_span_says(text, flank, span):
    motif = Pwm("M1", column_of(text), "Toy", nsites=5.0)
    assert pwm.trim_span(motif, flank=flank) == span
    trimmed = pwm.trim(motif, flank=flank)
    np.testing.assert_array_equal(trimmed.probabilities, motif.probabilities[:, slice(*span)])
    assert (trimmed.name, trimmed.label, trimmed.nsites) == ("M1", "Toy", 5)


def test_trim_gives_a_motif_without_strong_columns_back():
    motif = Pwm("M1", column_of("NNN"))
    assert pwm.trim(motif) is motif


def test_trim_twice_is_trim_once(motif):
    once = pwm.trim(motif, threshold=0.5)
    np.testing.assert_array_equal(pwm.trim(once, threshold=0.5).probabilities, once.probabilities)


def test_trim_asks_for_more_than_the_threshold():
    motif = Pwm("M1", np.array([[0.5, 0.5, 0, 0], [1, 0, 0, 0]]).T)
    assert pwm.trim_span(motif, threshold=1.0) == (1, 2)
