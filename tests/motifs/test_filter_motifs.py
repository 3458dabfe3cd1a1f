"""The result of an extraction: its table and its lists of motifs."""

import numpy as np
import pytest

from cislens.motifs import filter_motifs
from cislens.motifs.filter_motifs import FilterMotif, FilterMotifs
from cislens.motifs.options import FilterOptions
from cislens.sequence import pwm

UNIFORM = np.full(4, 0.25)


def motif(counts, **changes):
    counts = np.array(counts, dtype=float)
    defaults = {"filter": 0, "nsites": int(counts.sum(axis=0).max()), "state": "ok", "reason": ""}
    values = defaults | changes
    return FilterMotif(
        threshold=0.5, max_activation=1.0, counts=counts,
        full=None, trimmed=None, **values,
    )  # fmt: skip


def column(a, c, g, t):
    return [a, c, g, t]


WEAK, STRONG = column(5, 5, 5, 5), column(0, 20, 0, 0)


def table_of(*columns):
    return np.array(columns, dtype=float).T


def test_a_motif_is_trimmed_to_its_informative_columns():
    judged = filter_motifs.judge(
        motif(table_of(WEAK, STRONG, WEAK, STRONG, WEAK)), UNIFORM, FilterOptions()
    )
    assert judged.state == "ok"
    assert judged.full.width == 5
    assert pwm.consensus(judged.trimmed) == "CNC"
    assert judged.full.nsites == judged.trimmed.nsites == 20


def test_the_pseudocount_is_in_sites():
    judged = filter_motifs.judge(motif(table_of(STRONG)), UNIFORM, FilterOptions(pseudocount=4.0))
    np.testing.assert_allclose(judged.full.probabilities[:, 0], [1 / 24, 21 / 24, 1 / 24, 1 / 24])


def test_weights_are_scaled_to_sites():
    heavy = motif(table_of(STRONG) * 1000, nsites=20)
    light = motif(table_of(STRONG), nsites=20)
    for options in (FilterOptions(), FilterOptions(pseudocount=0.0)):
        a, b = (filter_motifs.judge(m, UNIFORM, options) for m in (heavy, light))
        np.testing.assert_allclose(a.full.probabilities, b.full.probabilities)


def test_a_motif_without_information_is_flat():
    judged = filter_motifs.judge(motif(table_of(WEAK, WEAK)), UNIFORM, FilterOptions())
    assert judged.state == "flat"
    assert "0.3 bits" in judged.reason
    assert judged.full is not None
    assert judged.trimmed is None


def test_information_is_against_the_background():
    skewed = np.array([0.4, 0.1, 0.1, 0.4])
    counts = table_of(column(40, 10, 10, 40))
    assert filter_motifs.judge(motif(counts), skewed, FilterOptions()).state == "flat"
    judged = filter_motifs.judge(motif(counts), UNIFORM, FilterOptions(trim=0.2))
    assert judged.state == "ok"


@pytest.fixture
def motifs():
    options = FilterOptions()
    live = filter_motifs.judge(motif(table_of(WEAK, STRONG)), UNIFORM, options)
    flat = filter_motifs.judge(motif(table_of(WEAK, WEAK), filter=1), UNIFORM, options)
    dead = motif(np.zeros((4, 2)), filter=2, state="dead", reason="asleep")
    return FilterMotifs(
        layer="0", readout="1", start=0, jump=1, width=2, sequences=9, passes=1, options=options,
        filters=(live, flat, dead),
    )  # fmt: skip


def test_only_live_filters_give_motifs(motifs):
    assert [m.name for m in motifs.pwms] == ["filter_0"]
    assert [m.name for m in motifs.full_pwms] == ["filter_0", "filter_1"]


def test_the_table_lists_every_filter(motifs):
    table = motifs.table()
    assert list(table.columns) == [
        "filter", "name", "state", "nsites", "information", "threshold", "max_activation",
        "consensus", "reason",
    ]  # fmt: skip
    assert table["name"].tolist() == ["filter_0", "filter_1", "filter_2"]
    assert table["state"].tolist() == ["ok", "flat", "dead"]
    assert table["consensus"].tolist() == ["C", "", ""]
    assert table["information"].isna().tolist() == [False, False, True]
    bits = pwm.information(motifs.full_pwms[0]).sum()
    assert table["information"][0] == pytest.approx(bits)
