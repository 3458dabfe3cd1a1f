"""The profile network against the published way of padding and cutting, size by size."""

import pytest
import torch
from torch.nn import functional

from cislens.errors import UserError
from cislens.models import checkpoint, heads, inference, spec
from cislens.models.inputs import OneInput
from cislens.models.zoo import tseng_profile

LENGTH = 360


def make(**options):
    return tseng_profile.build(input_length=LENGTH, outputs=3, width_multiplier=0.1, **options)


def draw(batch=2, length=LENGTH):
    return torch.eye(4)[torch.randint(4, (batch, length))].mT


def test_published_number_of_weights():
    with torch.device("meta"):
        model = tseng_profile.build(input_length=1346, outputs=4, control="matched")
        out = model(torch.empty(1, 4, 1346), torch.empty(1, 8, 1000))
    assert spec.parameters(model) == 118_560
    assert out.logits.shape == (1, 8, 1000)
    assert out.log_counts.shape == (1, 8)


def published(model, onehot, control):
    """Pad all layers, cut the centre out, and join the control experiment by experiment."""
    summed = 0
    for block in (model.layer1, *model.dilated):
        conv = block.convolution
        pad = conv.dilation[0] * (conv.kernel_size[0] - 1) // 2
        x = onehot if block is model.layer1 else summed
        x = functional.conv1d(x, conv.weight, conv.bias, padding=pad, dilation=conv.dilation).relu()
        summed = summed + x
    ends = (x.shape[-1] - (LENGTH - 272)) // 2
    x = x[:, :, ends:-ends]
    logits, counts = model.profile(x), model.counts(x.mean(-1))
    tracks = []
    for e in range(3):
        own = slice(2 * e, 2 * e + 2)
        parts = [logits[:, own]], [counts[:, own, None]]
        if control is not None:
            beside = control[:, own] if control.shape[1] == 6 else control
            parts[0].append(beside)
            parts[1].append(beside.sum(-1, keepdim=True))
        joined = [torch.cat(part, dim=1) for part in parts]
        tracks.append(
            [
                functional.conv1d(part, layer.weight[own], layer.bias[own])
                for part, layer in zip(
                    joined, (model.profile_output, model.counts_output), strict=True
                )
            ]
        )
    return torch.cat([t[0] for t in tracks], 1), torch.cat([t[1] for t in tracks], 1)[:, :, 0]


@pytest.mark.parametrize(("control", "tracks"), [("none", 0), ("shared", 2), ("matched", 6)])
def test_equals_the_published_way(control, tracks):
    model, onehot = make(control=control), draw()
    beside = torch.rand(2, tracks, LENGTH - 346) if tracks else None
    out = model(onehot) if beside is None else model(onehot, beside)
    logits, counts = published(model, onehot, beside)
    assert out.logits.std() > 0
    torch.testing.assert_close(out.logits, logits)
    torch.testing.assert_close(out.log_counts, counts)


def test_every_weight_is_trained():
    model = make()
    out = model(draw())
    (out.logits.square().sum() + out.log_counts.sum()).backward()
    assert all(weight.grad.abs().sum() > 0 for weight in model.parameters())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"input_length": 346}, "input_length=346: tseng-profile needs at least 347 bp"),
        ({"outputs": 0}, "outputs=0"),
        ({"strands": 3}, "strands=3: wants 1 or 2"),
        ({"control": "own"}, "control='own': known are none, shared, matched"),
    ],
)
def test_says_what_it_cannot_build(options, message):
    with pytest.raises(UserError, match=message):
        tseng_profile.build(**{"input_length": LENGTH, "outputs": 1} | options)


@pytest.mark.parametrize("control", [None, torch.zeros(2, 6, 13)])
def test_missing_or_misshapen_control(control):
    with pytest.raises(UserError, match=r"control: got .*wants \(batch, 6, 14\)"):
        make(control="matched")(draw(), control)


def test_heads_explain_it():
    model, onehot = make(), draw()
    shape, counts = heads.ProfileShape(model, head=0), heads.Head(model, head=1)
    out = model(onehot)
    torch.testing.assert_close(inference.predict(counts, onehot), out.log_counts.detach())
    assert inference.predict(shape, onehot).shape == (2, 6)
    for wrapped in (shape, counts):
        assert inference.gradient(wrapped, onehot, target=5).abs().sum() > 0


def test_control_is_held_fixed_while_the_sequence_is_explained():
    model, onehot = make(control="shared"), draw()
    one = OneInput(model, [torch.ones(1, 2, LENGTH - 346)])
    expected = model(onehot, torch.ones(2, 2, LENGTH - 346))
    torch.testing.assert_close(one(onehot).logits, expected.logits)
    assert inference.predict(heads.ProfileShape(one, head=0), onehot).shape == (2, 6)


def test_comes_back_from_disk_bit_for_bit(tmp_path):
    recipe = spec.Recipe(
        "tseng-profile", LENGTH, ("a", "b"), "profile", options={"width_multiplier": 0.1}
    )
    model = spec.build(recipe)
    checkpoint.save(tmp_path / "model.safetensors", model, recipe, summary={})
    back = checkpoint.load(tmp_path / "model.safetensors")
    onehot = draw()
    assert back.recipe == recipe
    assert torch.equal(back.model(onehot).logits, model(onehot).logits)
