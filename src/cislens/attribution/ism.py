"""In-silico saturation mutagenesis: what every substitution does to the explained number."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from cislens.attribution import _asking, _ism_runs, _ism_scores, _targets
from cislens.attribution._ism_runs import Part, Runner
from cislens.errors import UserError
from cislens.models import heads
from cislens.models.inference import Device, Target
from cislens.sequence import attributions, edit
from cislens.sequence.attributions import Attributions
from cislens.sequence.shapes import OneHot


def attribute(
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    score: str = "difference",
    centred: bool = False,
    fast: bool = True,
    batch_size: int = 256,
    device: Device = None,
) -> Attributions:
    """Put each base at each position and take the effect.

    A substitution changes a window of each convolutional layer. For any network whose first
    layers are convolutions, pools and functions of single elements, only that is computed: the
    change goes through convolutions and the first dense layer, which are linear, and is added to
    the cached maps of the sequence. What comes after runs in full. The result is that of full
    recomputation up to rounding, which a sample of edits is checked for in every run; a network
    that cannot be followed, or fails the check, is recomputed in full. The notes say which way was
    taken.

    Parameters
    ----------
    model
        The network; given back as it came.
    onehot
        The sequences.
    target
        Which output, counted from 0, or a function of the outputs that gives one number per
        sequence, each from its own row alone.
    score
        What is made of the number with the new base and with the old: "difference", "new", "old";
        or of its log-odds, for a target that is a probability: "log-odds" (their difference),
        "new-log-odds", "old-log-odds", and "deepsea", the absolute difference times that of the
        log-odds.
    centred
        Whether the mean over the four bases is subtracted at each position.
    fast
        Whether windows are tried; False recomputes all in full.
    batch_size
        Sequences per batch in full recomputation. Windows take the memory that such a batch takes
        in the widest layer, or 128 MB if that is more.
    device
        Where to run; None is where the network is. TF32 is turned off meanwhile.

    Returns
    -------
    Attributions
        The scores, 0 for the base that stands there if the score is a difference; gauge "taylor".
        At N they compare a base with none. Scores that are no difference have gauge "local", and
        centred ones "corrected".

    Raises
    ------
    UserError
        If the sequences, the target or the score do not fit, or an output is NaN.

    References
    ----------
    Zhou & Troyanskaya 2015, doi:10.1038/nmeth.3547, for the method. Nair et al. 2022,
    doi:10.1093/bioinformatics/btac135, recompute windows (fastISM); here their change is
    propagated, which is narrower.
    """
    values, way = _effects(
        model,
        _asking.checked(onehot, target=target),
        target=target,
        score=score,
        fast=fast,
        batch_size=batch_size,
        device=device,
    )
    result = Attributions(
        values=values.float(),
        method="ism",
        target=_targets.label(target),
        gauge="taylor" if score in _ism_scores.DIFFERENCES else "local",
        reference="the sequence itself",
        notes=(f"score: {score}", way),
    )
    return attributions.regauge(result, to="corrected") if centred else result


def _effects(
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    score: str = "difference",
    fast: bool = True,
    batch_size: int = 256,
    device: Device = None,
) -> tuple[OneHot, str]:
    """Score every substitution, in the precision of the network, and say which way was taken."""
    if score not in _ism_scores.SCORES:
        raise UserError(f"score={score!r}: known are {', '.join(_ism_scores.SCORES)}")
    with _asking.held(model, target=target, batch_size=batch_size, device=device) as network:
        network.plain(onehot)
        with _ism_runs.runner(model, onehot, fast=fast, batch_size=batch_size) as runner:
            return _run(runner, target, score), runner.way


def deletions(
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    width: int = 1,
    batch_size: int = 256,
    device: Device = None,
) -> Float[Tensor, "batch start"]:
    """Take out some bases at each place, close the gap and take the effect.

    The length is kept by N behind the end.

    Parameters
    ----------
    model
        The network; given back as it came.
    onehot
        The sequences.
    target
        As for `attribute`.
    width
        How many neighbouring bases are taken out, in bp.
    batch_size
        Sequences per batch; every edited sequence runs in full.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Float[Tensor, "batch start"]
        Explained number without the bases from ``start`` on, minus that with them, for each start
        from 0 to length - width; on the CPU.

    Raises
    ------
    UserError
        If the sequences or the target do not fit, an output is NaN, or the width is not between
        1 and the length.
    """
    sequences = _asking.checked(onehot, target=target)
    length = sequences.shape[-1]
    if not 1 <= width <= length:
        raise UserError(f"width={width}: wants 1 to {length} bp, the length of the sequences")
    unknown = torch.zeros(4, width)

    def edited(start: int) -> OneHot:
        shorter = edit.delete(sequences, start=start, end=start + width)
        return edit.insert(shorter, unknown, start=length - width)

    places = range(length - width + 1)
    return _changes(model, sequences, places, edited, target, batch_size, device)


def insertions(
    model: nn.Module,
    onehot: OneHot,
    motif: Float[Tensor, "4 width"],
    *,
    target: Target,
    batch_size: int = 256,
    device: Device = None,
) -> Float[Tensor, "batch start"]:
    """Put some bases in at each place and take the effect.

    The length is kept: what follows moves to the right, and the last bases fall off.

    Parameters
    ----------
    model
        The network; given back as it came.
    onehot
        The sequences.
    motif
        The bases put in, one-hot.
    target
        As for `attribute`.
    batch_size
        Sequences per batch; every edited sequence runs in full.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Float[Tensor, "batch start"]
        Explained number with the motif's first base at ``start``, minus that without it, for each
        start from 0 to length - width; on the CPU.

    Raises
    ------
    UserError
        If the sequences or the target do not fit, an output is NaN, or the motif is longer than
        the sequences.
    """
    sequences = _asking.checked(onehot, target=target)
    length, width = sequences.shape[-1], motif.shape[-1]
    if width > length:
        raise UserError(f"motif: {width} bp do not fit in sequences of {length} bp")

    def edited(start: int) -> OneHot:
        return edit.insert(sequences, motif, start=start)[:, :, :length]

    places = range(length - width + 1)
    return _changes(model, sequences, places, edited, target, batch_size, device)


def _changes(
    model: nn.Module,
    sequences: OneHot,
    places: range,
    edited: Callable[[int], OneHot],
    target: Target,
    batch_size: int,
    device: Device,
) -> Float[Tensor, "batch start"]:
    """Run all sequences with an edit at several places at once, in full."""
    with _asking.held(model, target=target, batch_size=batch_size, device=device) as network:
        before = network.plain(sequences)
        several = max(1, batch_size // len(sequences))
        found = [
            network.plain(torch.cat([edited(start) for start in places[i : i + several]]))
            for i in range(0, len(places), several)
        ]
    return torch.cat(found).view(len(places), len(sequences)).T - before[:, None]


def _run(runner: Runner, target: Target, score: str) -> Tensor:
    """Score all substitutions, in full if windows fail their check."""
    try:
        return _scored(runner, target, score)
    except _ism_runs.Differs as reason:
        if runner.engine is None:
            raise
        runner.engine, runner.way = None, f"full recomputation: {reason}"
        return _scored(runner, target, score)


def _scored(runner: Runner, target: Target, score: str) -> Tensor:
    count, _, length = runner.onehot.shape
    precision = torch.promote_types(runner.form.dtype, torch.float32)
    values = torch.zeros(count, length, 4, dtype=precision)
    for part in runner.parts():
        values[part.sequences, part.positions] = _scores(part, target, score).cpu()
    if runner.engine is not None:
        runner.way = f"windows of changed positions, at most {runner.worst:.0e} off in a sample"
    return values.transpose(1, 2).contiguous()


def _scores(part: Part, target: Target, score: str) -> Tensor:
    """Give (sequences, positions, 4)."""
    count, positions, _ = part.new.shape
    precision = torch.promote_types(part.old_outputs.dtype, torch.float32)
    old = heads.explained(part.old_outputs.to(precision), target)[:, None, None]
    new = heads.explained(part.new_outputs.flatten(0, 2).to(precision), target)
    new = new.view(positions, count, -1).transpose(0, 1)
    every = old.expand(count, positions, 4).scatter(2, part.new, new)
    own = part.old[..., None] == torch.arange(4, device=old.device)
    return _ism_scores.SCORES[score](torch.where(own, old, every), old)
