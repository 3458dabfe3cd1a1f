"""Networks of several inputs and heads: each input explained, the others held fixed."""

import inspect

import numpy as np
import pytest
import torch
from torch import nn

from cislens.attribution import METHODS, deeplift_shap, integrated_gradients, saliency, shuffled
from cislens.errors import UserError
from cislens.models import heads, inputs
from cislens.sequence import attributions
from cislens.sequence import onehot as onehots

LENGTHS = (24, 15)
FEW = {"steps": 6, "samples": 2, "references": "zeros"}


class Pair(nn.Module):
    """Multiplies what it finds in two sequences."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(4, 5, 5)
        self.second = nn.Conv1d(4, 5, 3)
        self.mix = nn.Linear(5, 2)

    def forward(self, one, other):
        return self.mix(self.first(one).relu().amax(-1) * self.second(other).sigmoid().sum(-1))


class Profile(nn.Module):
    """Gives logits and counts, as BPNet does."""

    def __init__(self):
        super().__init__()
        self.scan = nn.Conv1d(4, 6, 5, padding=2)
        self.profile = nn.Conv1d(6, 2, 3, padding=1)
        self.counts = nn.Linear(6, 2)

    def forward(self, onehot):
        h = self.scan(onehot).relu()
        return {"profile": self.profile(h), "counts": self.counts(h.mean(-1)).exp()[..., None]}


@pytest.fixture(params=list(METHODS))
def explain(request):
    method = METHODS[request.param]
    known = inspect.signature(method).parameters

    def call(model, onehot, **options):
        few = {name: value for name, value in FEW.items() if name in known}
        rng = {"rng": np.random.default_rng(7)} if "rng" in known else {}
        return method(model, onehot, target=1, **few, **rng, **options)

    return call


@pytest.fixture
def pair():
    return Pair().double()


@pytest.fixture
def both(rng):
    return [onehots.from_codes(rng.integers(0, 4, (3, n), dtype=np.uint8)) for n in LENGTHS]


@pytest.mark.parametrize("position", [0, 1])
def test_each_input_is_explained_with_the_other_fixed(explain, pair, both, position):
    class Fixed(nn.Module):
        def __init__(self, other):
            super().__init__()
            self.pair, self.other = pair, other.double()

        def forward(self, onehot):
            rest = self.other.expand(len(onehot), -1, -1)
            return self.pair(*((onehot, rest) if position == 0 else (rest, onehot)))

    other = both[1 - position][:1]
    result = explain(inputs.OneInput(pair, [other.double()], position=position), both[position])
    expected = explain(Fixed(other), both[position])
    torch.testing.assert_close(result.values, expected.values, rtol=1e-5, atol=1e-6)
    assert result.values.abs().max() > 0


def test_inputs_end_to_end_have_the_maps_of_each(pair, both):
    joined = torch.cat(both, dim=-1)
    # Held fixed: equal in sequence and reference.
    references = torch.cat([torch.zeros_like(both[0]), both[1]], dim=-1)[:, None]
    result = deeplift_shap.attribute(
        inputs.JoinedInputs(pair, LENGTHS), joined, target=1, references=references
    )
    for row in range(3):
        alone = inputs.OneInput(pair, [both[1][row : row + 1].double()])
        expected = deeplift_shap.attribute(
            alone, both[0][row : row + 1], target=1, references="zeros"
        )
        found = result.values[row : row + 1, :, : LENGTHS[0]]
        torch.testing.assert_close(found, expected.values, rtol=1e-5, atol=1e-6)
    own = attributions.projected(result, joined).values[:, :, LENGTHS[0] :]
    assert own.abs().max() < 1e-6


def test_head_of_counts_sums_to_the_change_of_their_logarithm(rng):
    onehot = onehots.from_codes(rng.integers(0, 4, (3, 30), dtype=np.uint8))
    model = heads.LogCounts(Profile().double(), head="counts")
    references = shuffled(4)(onehot, rng)
    result = deeplift_shap.attribute(model, onehot, target=1, references=references, strict=True)
    with torch.no_grad():
        theirs = model(references.flatten(0, 1).double())[:, 1].view(3, 4).mean(1)
        change = model(onehot.double())[:, 1] - theirs
    total = attributions.projected(result, onehot).values.sum((1, 2))
    torch.testing.assert_close(total, change.float(), rtol=1e-4, atol=1e-6)


def test_head_of_shape_holds_its_weights(rng):
    onehot = onehots.from_codes(rng.integers(0, 4, (3, 30), dtype=np.uint8))
    network = Profile().double()
    model = heads.ProfileShape(network, head="profile")
    x = onehot.double().requires_grad_()
    logits = network(x)["profile"][:, 1]
    centred = logits - logits.mean(-1, keepdim=True)
    (centred * logits.softmax(-1).detach()).sum().backward()
    result = saliency.attribute(model, onehot, target=1)
    torch.testing.assert_close(result.values, x.grad.float(), rtol=1e-5, atol=1e-7)


def test_head_of_shape_tells_what_its_weights_miss(rng):
    """The weights change with the sequence and have no gradient: gradients cannot see that."""
    onehot = onehots.from_codes(rng.integers(0, 4, (3, 30), dtype=np.uint8))
    model = heads.ProfileShape(Profile().double(), head="profile")
    given = {"target": 1, "references": shuffled(2)}
    by_gradients = integrated_gradients.attribute(model, onehot, **given)
    assert by_gradients.deltas.abs().max() > 1e-6
    with torch.no_grad():
        shapes = model(shuffled(2)(onehot, rng).flatten(0, 1).double())[:, 1]
    result = deeplift_shap.attribute(model, onehot, **given)
    # DeepLIFT lets the logits answer for their weights, element by element.
    assert result.deltas.abs().max() < 1e-5 * shapes.abs().max()


@pytest.mark.parametrize(
    ("method", "references", "message"),
    [
        (method, references, message)
        for method, function in METHODS.items()
        if "references" in inspect.signature(function).parameters
        for references, message in [
            ("shuffle", "references='shuffle': known are zeros, uniform, frequency, dinucleotide"),
            (torch.zeros(2, 1, 4, 24), r"references: shape \(2, 1, 4, 24\) for 3 sequences; wants"),
            (torch.zeros(3, 1, 4, 23), r"references: shape \(3, 1, 4, 23\) for 3 sequences; wants"),
            (torch.full((3, 1, 4, 24), torch.inf), "references: hold NaN or infinity"),
            (lambda onehot, rng: onehot[:, 0], r"references: shape \(3, 24\) for 3 sequences"),
        ]
    ],
)
@pytest.mark.usefixtures("unchecked_shapes")
def test_references_that_do_not_fit(method, references, message, both, network):
    rng = {"rng": np.random.default_rng(0)} if method == "expected_gradients" else {}
    with pytest.raises(UserError, match=message):
        METHODS[method](network, both[0], target=0, references=references, **rng)
