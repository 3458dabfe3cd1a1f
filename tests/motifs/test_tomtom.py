"""Tomtom: alignments known by construction, p-values against a slow one, E and q by hand."""

import dataclasses
import functools
import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from cislens.errors import UserError
from cislens.motifs import tomtom
from cislens.sequence import pwm
from cislens.sequence.pwm import Pwm


def random_motifs(rng, number, prefix):
    return [
        Pwm(f"{prefix}{i}", rng.dirichlet([0.3] * 4, int(width)).T, label=f"label{i}", nsites=500.0)
        for i, width in enumerate(rng.integers(8, 15, number))
    ]


@pytest.fixture
def targets(rng):
    return random_motifs(rng, 60, "T")


def part(motif, start, end):
    return dataclasses.replace(motif, name="part", probabilities=motif.probabilities[:, start:end])


def best(query, targets, **options):
    return tomtom.match([query], targets, n_nearest=1, **options).iloc[0]


@pytest.mark.parametrize("start", [0, 2])
def test_a_part_of_a_target_lies_where_it_was_cut_out(targets, start):
    found = best(part(targets[7], start, start + 6), targets)
    assert found["target"] == "T7"
    assert found["target_label"] == "label7"
    assert (found["offset"], found["overlap"], found["strand"]) == (-start, 6, "+")


@pytest.mark.parametrize("start", [0, 2])
def test_a_part_of_the_other_strand_lies_on_the_reverse_complement(targets, start):
    flipped = pwm.reverse_complement(targets[7])
    found = best(part(flipped, start, start + 6), targets)
    assert (found["target"], found["offset"], found["overlap"]) == ("T7", -start, 6)
    assert found["strand"] == "-"


@pytest.mark.parametrize("strand", ["+", "-"])
def test_a_query_that_holds_a_target_has_a_positive_offset(rng, targets, strand):
    inner = targets[7] if strand == "+" else pwm.reverse_complement(targets[7])
    left, right = (rng.dirichlet([5.0] * 4, width).T for width in (3, 1))
    query = Pwm("wide", np.concatenate([left, inner.probabilities, right], axis=1))
    found = best(query, targets)
    expected = ("T7", 3, targets[7].width, strand)
    assert (found["target"], found["offset"], found["overlap"], found["strand"]) == expected


def test_one_strand_finds_no_reverse_complement(targets):
    query = pwm.reverse_complement(targets[7])
    table = tomtom.match([query], targets, both_strands=False)
    assert set(table["strand"]) == {"+"}
    assert table.set_index("target").loc["T7", "p"] > 1e-6


STEP = 1e-3


def slow_p(query, targets, index):
    """Tomtom's p-value by convolving the scores of columns, finely binned and unmerged.

    A column scores minus its Euclidean distance less the median over all target columns, so that
    columns that overhang score 0. The p-value is that of the best score over all alignments, each
    with the null distribution of the columns it covers.
    """
    columns = np.concatenate([target.probabilities for target in targets], axis=1)
    score = -np.linalg.norm(columns[:, None] - query.probabilities[:, :, None], axis=0)
    median = np.median(score, axis=1, keepdims=True)
    steps = np.rint((score - median) / STEP).astype(int)
    lowest = steps.min()
    null = [np.bincount(row - lowest, minlength=steps.max() - lowest + 1) for row in steps]
    null = [row / row.sum() for row in null]
    target = targets[index].probabilities
    own = -np.linalg.norm(target[:, None] - query.probabilities[:, :, None], axis=0) - median

    spans = {}
    for offset in range(1 - query.width, target.shape[1]):
        spans[offset] = (max(0, -offset), min(query.width, target.shape[1] - offset))
    totals = {o: sum(own[i, i + o] for i in range(*span)) for o, span in spans.items()}
    best = max(totals, key=totals.get)
    none_reaches = 0.0
    for start, end in spans.values():
        distribution = functools.reduce(np.convolve, null[start:end])
        at = round(totals[best] / STEP) - (end - start) * (lowest + 1)
        none_reaches += np.log1p(-min(distribution[max(0, at) :].sum(), 1 - 1e-12))
    return -np.expm1(none_reaches), -best, np.subtract(*spans[best][::-1])


def test_p_values_are_those_of_the_slow_reference(rng, targets):
    like = targets[5].probabilities[:, 1:6] * 0.8 + 0.05
    for query in (Pwm("like", like), Pwm("unlike", rng.dirichlet([0.5] * 4, 5).T)):
        table = tomtom.match([query], targets, both_strands=False, pseudocount=0.0)
        table = table.set_index("target")
        for index in range(0, 60, 5):
            p, offset, overlap = slow_p(query, targets, index)
            found = table.loc[f"T{index}"]
            # memelite cuts scores into 100 bins and medians into 1000.
            assert abs(np.log10(found["p"] / p)) < 0.2
            if p < 0.05:
                assert (found["offset"], found["overlap"]) == (offset, overlap)


def test_two_strands_have_the_p_value_of_the_better_of_two_trials(rng, targets):
    query = targets[3:4]
    one = tomtom.match(query, targets, both_strands=False).set_index("target")["p"]
    other = [dataclasses.replace(pwm.reverse_complement(t), name=t.name) for t in targets]
    two = tomtom.match(query, other, both_strands=False).set_index("target")["p"]
    both = tomtom.match(query, targets).set_index("target")["p"]
    better = np.minimum(one, two)
    # Each of the three has a background of its own.
    assert np.median(np.abs(np.log10(both / (1 - (1 - better) ** 2)))) < 0.1


def test_e_and_q_are_over_all_targets_of_the_query(rng, targets):
    queries = random_motifs(rng, 3, "Q")
    table = tomtom.match(queries, targets)
    assert list(table["query"].unique()) == ["Q0", "Q1", "Q2"]
    for _, rows in table.groupby("query"):
        assert rows["p"].is_monotonic_increasing
        assert len(rows) == len(targets)
        np.testing.assert_allclose(rows["e"], rows["p"] * 60)
        np.testing.assert_allclose(rows["q"], scipy.stats.false_discovery_control(rows["p"]))


def test_a_choice_of_rows_changes_no_number(rng, targets):
    queries = random_motifs(rng, 3, "Q")
    whole = tomtom.match(queries, targets)
    nearest = tomtom.match(queries, targets, n_nearest=4)
    expected = whole.groupby("query", sort=False).head(4).reset_index(drop=True)
    assert nearest.equals(expected)
    likely = tomtom.match(queries, targets, e_threshold=5.0)
    assert likely.equals(whole[whole["e"] <= 5.0].reset_index(drop=True))


def test_queries_in_several_blocks_are_matched_as_in_one(rng, targets, monkeypatch):
    queries = random_motifs(rng, 5, "Q")
    whole = tomtom.match(queries, targets)
    monkeypatch.setattr(tomtom, "_QUERIES_AT_ONCE", 2)
    assert tomtom.match(queries, targets).equals(whole)


def test_q_values_are_those_of_a_slow_loop(rng):
    p = rng.random(30).round(1)
    slow = [min(min(1.0, x * len(p) / sum(p <= x)) for x in p if x >= own) for own in p]
    np.testing.assert_allclose(tomtom.q_values(p), slow)


def test_the_pseudocount_is_that_of_meme():
    motif = Pwm("m", np.eye(4)[:, :2], background=np.array([0.4, 0.1, 0.1, 0.4]), nsites=9.9)
    expected = [[9.94 / 10, 0.04 / 10], [0.01 / 10, 9.91 / 10], [0.001, 0.001], [0.004, 0.004]]
    np.testing.assert_allclose(tomtom._smoothed(motif, 0.1), expected)
    unsaid = dataclasses.replace(motif, nsites=None)
    np.testing.assert_allclose(tomtom._smoothed(unsaid, 0.1)[0, 0], (20 + 0.04) / 20.1)
    none = dataclasses.replace(motif, nsites=0.0)
    np.testing.assert_array_equal(tomtom._smoothed(none, 0.0), motif.probabilities)


def test_p_values_never_underflow(rng, targets):
    wide = Pwm("wide", rng.dirichlet([0.01] * 4, 60).T)
    table = tomtom.match([wide], [*targets, wide], n_nearest=1)
    assert table["target"].tolist() == ["wide"]
    assert 0 < table["p"][0] < 1e-30


@pytest.mark.parametrize("tilt", [0.0, 1e-12, 1e-3])
@pytest.mark.parametrize("width", [5, 19])
def test_a_nearly_flat_query_matches_nothing_well(targets, tilt, width):
    column = np.array([0.25 + tilt, 0.25 - tilt, 0.25, 0.25])
    table = tomtom.match([Pwm("flat", np.tile(column[:, None], width))], targets)
    assert len(table) == len(targets)
    assert np.isfinite(table[["p", "e", "q"]]).all(axis=None)
    assert table["q"].min() > 1e-3


def test_no_queries_give_an_empty_table(targets):
    empty, full = tomtom.match([], targets), tomtom.match(targets[:1], targets)
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    assert (empty.dtypes == full.dtypes).all()


def test_nothing_below_the_threshold_gives_an_empty_table(targets):
    table = tomtom.match([Pwm("flat", np.full((4, 5), 0.25))], targets, e_threshold=0.0)
    assert len(table) == 0
    assert (table.dtypes == tomtom.match([], targets).dtypes).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pseudocount": -1.0}, "pseudocount=-1"),
        ({"n_nearest": 0}, "n_nearest=0"),
        ({"e_threshold": -0.1}, "e_threshold=-0.1"),
    ],
)
def test_bad_options_are_named(targets, options, message):
    with pytest.raises(UserError, match=message):
        tomtom.match(targets[:1], targets, **options)


def test_few_targets_are_refused(targets):
    with pytest.raises(UserError, match=r"24 motifs.*whole database"):
        tomtom.match(targets[:1], targets[:24])


def test_a_very_wide_query_is_refused(targets):
    with pytest.raises(UserError, match="'wide' has 101 columns"):
        tomtom.match([Pwm("wide", np.full((4, 101), 0.25))], targets)


def test_every_pair_is_there_once(rng, targets):
    queries = random_motifs(rng, 2, "Q")
    table = tomtom.match(queries, targets)
    pairs = set(zip(table["query"], table["target"], strict=True))
    assert pairs == set(itertools.product(["Q0", "Q1"], [t.name for t in targets]))


def _row(offset, overlap, strand="+"):
    return pd.DataFrame(
        {"query": ["q"], "target": ["t"], "offset": [offset], "overlap": [overlap]}
    ).assign(strand=strand)


@pytest.mark.parametrize(
    ("offset", "overlap", "strand", "share"),
    [(0, 4, "+", 1.0), (-6, 4, "+", 0.0), (-6, 4, "-", 1.0), (0, 4, "-", 0.0)],
)
def test_a_flat_stretch_of_a_long_motif_explains_nothing(offset, overlap, strand, share):
    sharp, flat = np.eye(4), np.full((4, 6), 0.25)
    target = Pwm("t", np.concatenate([sharp, flat], axis=1))
    explained = tomtom.explained(_row(offset, overlap, strand), [Pwm("q", np.eye(4))], [target])
    assert explained == pytest.approx([share], abs=0.03)


def test_explained_is_the_mean_score_of_sites_over_their_information(rng):
    query, target = (Pwm(name, rng.dirichlet([0.3] * 4, 6).T) for name in ("M0", "M1"))
    sites = np.stack(
        [rng.choice(4, size=20_000, p=query.probabilities[:, 2 + i]) for i in range(4)], axis=1
    )
    mixed = 0.96 * target.probabilities + 0.01
    scores = np.log2(4 * mixed[sites, np.arange(4)]).sum(axis=1)
    explained = tomtom.explained(
        _row(2, 4).assign(query="M0", target="M1"), [query, target], [query, target]
    )
    own = pwm.information(query).sum()
    assert explained == pytest.approx([scores.mean() / own], abs=4 * scores.std() / 141 / own)


def test_a_motif_explains_itself(rng):
    motifs = random_motifs(rng, 4, "M")
    rows = pd.concat([_row(0, m.width).assign(query=m.name, target=m.name) for m in motifs])
    assert (tomtom.explained(rows, motifs, motifs) > 0.85).all()


def test_of_two_motifs_of_one_name_the_last_explains():
    known = [Pwm("t", np.full((4, 4), 0.25)), Pwm("t", np.eye(4))]
    explained = tomtom.explained(_row(0, 4), [Pwm("q", np.eye(4))], known)
    assert explained == pytest.approx([1.0], abs=0.03)


def test_a_query_that_says_nothing_is_not_explained():
    flat, target = Pwm("q", np.full((4, 4), 0.25)), Pwm("t", np.eye(4))
    assert tomtom.explained(_row(0, 4), [flat], [target]) == [0.0]
    assert tomtom.explained(_row(0, 4).iloc[:0], [], []).size == 0
