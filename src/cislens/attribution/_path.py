"""Gradients along straight lines from references to sequences."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from cislens.attribution._asking import Network
from cislens.attribution._references import Compared
from cislens.sequence.shapes import OneHot

Deltas = Float[Tensor, "batch references"]
Shares = Float[Tensor, "batch references points"]


def integrate(
    network: Network,
    onehot: OneHot,
    references: Callable[[slice], Compared],
    shares: Callable[[slice, int], Shares],
) -> tuple[OneHot, Deltas]:
    """Average the hypothetical form of gradients over points of the lines and over references.

    ``shares`` gives places on the lines of some rows to their references, 0 at the reference and 1
    at the sequence. The result is the map and, per pair, the sum of mean gradient ×
    (sequence - reference) minus the change of the number.
    """
    pages = []
    for rows in network.pages(len(onehot)):
        compared = references(rows)
        pages.append(_integrate(network, onehot[rows], compared, shares(rows, compared.shape[1])))
    values, deltas = zip(*pages, strict=True)
    return torch.cat(values), torch.cat(deltas)


def _integrate(
    network: Network, onehot: OneHot, references: Compared, shares: Shares
) -> tuple[OneHot, Deltas]:
    batch, count, points = shares.shape
    total = torch.zeros(onehot.shape, dtype=network.form.dtype)
    sums = torch.zeros(batch, count, dtype=torch.float64)
    for rows, which in network.blocks(batch, count * points):
        pair = torch.arange(which.start, which.stop) // points
        base = network.here(references[rows][:, pair])
        away = network.here(onehot[rows])[:, None] - base
        share = network.here(shares[rows].flatten(1)[:, which])[..., None, None]
        gradients = network.gradients(base + share * away)
        hypothetical = gradients - (base * gradients).sum(dim=2, keepdim=True)
        total[rows] += hypothetical.sum(dim=1).cpu()
        # On the CPU: a scattered sum on a GPU is not the same twice.
        along = (gradients * away).sum(dim=(2, 3)).double().cpu()
        sums[rows] = sums[rows].index_add(1, pair, along)
    deltas = sums / points - _changes(network, onehot, references)
    return total / (count * points), deltas.float()


def _changes(network: Network, onehot: OneHot, references: Compared) -> Deltas:
    """Give the explained number of each sequence minus that of each of its references."""
    changes = torch.empty(references.shape[:2])
    for rows, which in network.blocks(*references.shape[:2]):
        changes[rows, which] = network.numbers(network.here(references[rows, which]))
    return network.plain(onehot)[:, None] - changes
