"""Motifs of filters behind pools."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import receptive_field
from cislens.motifs import aligned, filters
from cislens.motifs.options import FilterOptions
from cislens.sequence import alphabet, pwm

MOTIF = "TGACTCAGC"


class Behind(nn.Module):
    """Filter 0 of the second layer sees MOTIF through a pool of 6; filter 1 sees nothing."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(4, 1, len(MOTIF))
        self.pool = nn.MaxPool1d(6)
        self.second = nn.Conv1d(1, 2, 2)
        with torch.no_grad():
            self.first.weight.zero_()
            self.first.bias.fill_(-len(MOTIF) + 3.5)
            for place, base in enumerate(MOTIF):
                self.first.weight[0, "ACGT".index(base), place] = 1
            self.second.weight.zero_()
            self.second.bias.zero_()
            self.second.weight[0, 0, 0] = 1

    def forward(self, x):
        return self.second(self.pool(torch.relu(self.first(x)))).amax(dim=2)


@pytest.fixture
def planted(rng):
    codes = rng.integers(0, 4, (300, 80), dtype=np.uint8)
    site = np.array(["ACGT".index(base) for base in MOTIF], np.uint8)
    for row in range(0, 300, 2):
        start = rng.integers(0, 80 - len(MOTIF) + 1)
        codes[row, start : start + len(MOTIF)] = site
    return codes


def test_a_motif_behind_a_pool_is_sharp_again(planted):
    model = Behind().eval()
    found = aligned.extract(model, planted, layer="second", sites=100, batch_size=64)
    field = receptive_field.measure(model, layer="second", input_length=80)
    assert (found.start, found.jump, found.width) == (field.start, field.jump, field.width)
    first, second = found.filters
    assert pwm.consensus(first.trimmed) == MOTIF
    assert (pwm.information(first.trimmed) > 1.7).all()
    assert first.nsites == 100
    assert (second.state, second.trimmed) == ("dead", None)
    smeared = filters.extract(
        model, planted, layer="second",
        options=FilterOptions(rule="top", threshold=100, selection="best-per-sequence"),
    ).filters[0]  # fmt: skip
    assert pwm.information(smeared.full).max() < 0.7


def test_batches_change_nothing(planted):
    model = Behind().eval()
    whole, parts = (
        aligned.extract(model, planted, layer="second", sites=40, batch_size=size).filters[0]
        for size in (300, 7)
    )
    np.testing.assert_array_equal(whole.counts, parts.counts)


def test_without_a_pool_it_is_the_plain_motif(planted):
    model = Behind().eval()
    options = FilterOptions(
        rule="top", threshold=30, selection="best-per-sequence", ends="background"
    )
    plain = filters.extract(model, planted, layer="first", options=options).filters[0]
    found = aligned.extract(model, planted, layer="first", sites=30).filters[0]
    np.testing.assert_allclose(found.counts, plain.counts)


def test_windows_move_back_to_where_they_were_cut(rng):
    site = rng.integers(0, 4, 8, dtype=np.uint8)
    codes = rng.integers(0, 4, (60, 18), dtype=np.uint8)
    starts = rng.integers(0, 11, 60)
    for row, start in enumerate(starts):
        codes[row, start : start + 8] = site
    found = aligned.line_up(codes, 8)
    # All may be off by the same few bases, as nothing says where a motif begins.
    offsets, counts = np.unique(found - starts, return_counts=True)
    assert counts.max() >= 55
    assert abs(offsets[counts.argmax()]) <= 3


def test_rows_of_n_stay_in_the_middle():
    assert aligned.line_up(np.full((3, 11), 4, np.uint8), 5).tolist() == [3, 3, 3]


def test_windows_over_the_ends_hold_nothing_there():
    model = nn.Sequential(nn.Conv1d(4, 1, 5, padding=2)).eval()
    with torch.no_grad():
        model[0].weight.fill_(0)
        model[0].weight[0, 0, 2] = 1
    codes = alphabet.DNA.encode("ACCCCCCC")[None].repeat(3, axis=0)
    motif = aligned.extract(model, codes, layer="0").filters[0]
    assert motif.counts.sum(axis=0).tolist() == [0, 0, 3, 3, 3]


def test_bad_questions_are_refused(planted):
    with pytest.raises(UserError, match="sites=0"):
        aligned.extract(Behind(), planted, layer="second", sites=0)
    with pytest.raises(UserError, match="third"):
        aligned.extract(Behind(), planted, layer="third")
