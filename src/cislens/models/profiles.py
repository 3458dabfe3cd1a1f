"""Predict with networks of profiles: shares of the counts at each position, and log totals."""

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float32
from torch import nn

from cislens.errors import UserError
from cislens.models import inference
from cislens.sequence import alphabet
from cislens.sequence import onehot as onehots
from cislens.sequence import strands as track_strands
from cislens.sequence.shapes import Codes

Counts = Float32[np.ndarray, "batch tracks positions"]


class Predicted(NamedTuple):
    """What a network gives for some sequences."""

    shares: Float32[np.ndarray, "batch tracks positions"]
    """Share of a track's counts at each position; they sum to 1."""
    log_counts: Float32[np.ndarray, "batch tracks"]
    """Natural log of 1 + the total."""

    @property
    def counts(self) -> Counts:
        """Multiply shares by totals.

        Returns
        -------
        Counts
            Expected counts at each position.
        """
        totals = np.expm1(self.log_counts).clip(min=0)
        counts: Counts = self.shares * totals[:, :, None]
        return counts


def predict(
    model: nn.Module,
    codes: Codes,
    control: Counts | None = None,
    *,
    batch_size: int = 256,
    device: inference.Device = None,
) -> Predicted:
    """Run a network of profiles.

    Parameters
    ----------
    model
        Gives logits (batch, tracks, positions) and log counts (batch, tracks).
    codes
        Base codes of the sequences.
    control
        Counts of the control tracks, for a network that reads some.
    batch_size
        Sequences per batch.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Predicted
        On the CPU.

    Raises
    ------
    UserError
        If the network gives something else, or an output is NaN.
    """
    found = []
    with inference.preserved(model, device), torch.no_grad():
        place = next(model.parameters()).device
        for start in range(0, len(codes), batch_size):
            rows = slice(start, start + batch_size)
            beside = () if control is None else (torch.from_numpy(control[rows]).to(place),)
            found.append(_checked(model(onehots.from_codes(codes[rows]).to(place), *beside)))
    return Predicted(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def predict_other_strand(
    model: nn.Module,
    codes: Codes,
    control: Counts | None = None,
    *,
    strands: int,
    batch_size: int = 256,
) -> Predicted:
    """Run a network of profiles on the reverse complements, and turn what it gives back.

    Parameters
    ----------
    model
        As for `predict`.
    codes
        As for `predict`.
    control
        As for `predict`.
    strands
        Tracks of a task, which change places.
    batch_size
        As for `predict`.

    Returns
    -------
    Predicted
        As the tracks lie along the sequences given.
    """
    opposite = np.ascontiguousarray(alphabet.reverse_complement(codes))
    beside = None if control is None else _turned(control, strands)
    found = predict(model, opposite, beside, batch_size=batch_size)
    log_counts = track_strands.turned(found.log_counts[:, :, None], strands=strands)[:, :, 0]
    return Predicted(_turned(found.shares, strands), np.ascontiguousarray(log_counts))


def _turned(tracks: Counts, strands: int) -> Counts:
    return np.ascontiguousarray(track_strands.turned(tracks, strands=strands))


def _checked(outputs: object) -> Predicted:
    """Turn what a network gave into shares and log counts."""
    if not isinstance(outputs, tuple) or [x.ndim for x in outputs] != [3, 2]:
        raise UserError(
            "model: gives no profiles; wants logits (batch, tracks, positions) and log counts "
            "(batch, tracks)"
        )
    logits, log_counts = (x.float().cpu() for x in outputs)
    if logits.isnan().any() or log_counts.isnan().any():
        raise UserError("model: gives NaN; train it again with a lower learning rate")
    return Predicted(logits.softmax(dim=-1).numpy(), log_counts.numpy())
