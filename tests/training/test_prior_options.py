"""Options of a prior: short form, and one sentence for what they cannot be."""

import pytest

from cislens.errors import UserError
from cislens.training import prior_options
from cislens.training.prior_options import PriorOptions


def test_short_form():
    assert prior_options.parse("gini") == PriorOptions(terms={"gini": None})
    assert prior_options.parse("fourier") == PriorOptions()
    assert prior_options.parse(None) is None


def test_usual_weights_are_those_of_the_objective():
    options = PriorOptions({"fourier": None, "gini": None, "l2": 0.0})
    assert prior_options.weights(options, objective="binary") == {
        "fourier": 5.0, "gini": 15.0, "l2": 0.0
    }  # fmt: skip
    assert prior_options.weights(options, objective="profile") == {
        "fourier": 2.0, "gini": 6.0, "l2": 0.0
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"terms": {}}, r"prior.terms=\{\}: name at least one of fourier"),
        (
            {"terms": {"furier": 1.0}},
            "prior.terms='furier': it must be one of fourier, total-variation",
        ),
        ({"terms": {"gini": -1.0}}, "prior.terms.gini=-1.0: it must be a weight of at least 0"),
        ({"warmup_steps": -1}, "prior.warmup_steps=-1"),
        ({"every": 0}, "prior.every=0: it must be at least 1"),
        ({"period": 1.5}, "prior.period=1.5: it must be at least 2 bp"),
        ({"softness": 0.0}, "prior.softness=0.0: it must be above 0, or null"),
        ({"smoothing": -1}, "prior.smoothing=-1"),
    ],
)
def test_what_cannot_be_is_named(options, message):
    with pytest.raises(UserError, match=message):
        prior_options.parse(PriorOptions(**options))


def test_hard_cut_off():
    hard = PriorOptions(softness=None)
    assert prior_options.parse(hard) is hard
