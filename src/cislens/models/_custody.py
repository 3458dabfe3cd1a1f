"""Borrow a network: change its mode or place for a while and give it back as it came."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from cislens.errors import UserError


@contextmanager
def frozen(model: nn.Module) -> Iterator[None]:
    """Hold every submodule in evaluation mode and every weight without gradient."""
    modes = [(module, module.training) for module in model.modules()]
    wishes = [(weight, weight.requires_grad) for weight in model.parameters()]
    try:
        model.eval()
        for weight, _ in wishes:
            weight.requires_grad_(False)
        yield
    finally:
        for module, training in modes:
            module.training = training
        for weight, requires_grad in wishes:
            weight.requires_grad_(requires_grad)


@contextmanager
def placed(model: nn.Module, device: str | torch.device | None) -> Iterator[None]:
    """Hold the network on one device; None leaves every tensor where it is."""
    if device is None:
        yield
        return
    weights = [(weight, weight.data, weight.grad) for weight in model.parameters()]
    gradients = [(grad, grad.data) for _, _, grad in weights if grad is not None]
    places = [
        (module, name, tensor)
        for module in model.modules()
        for name, tensor in (
            *module.named_parameters(recurse=False, remove_duplicate=False),
            *module.named_buffers(recurse=False, remove_duplicate=False),
        )
    ]
    try:
        _move(model, device)
        yield
    finally:
        # The tensors themselves come back: nothing is copied twice, and devices may be mixed.
        for module, name, tensor in places:
            setattr(module, name, tensor)
        for weight, data, grad in weights:
            weight.data = data
            weight.grad = grad
        for grad, data in gradients:
            grad.data = data


def _move(model: nn.Module, device: str | torch.device) -> None:
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f"device={str(device)!r}: not to be had ({reason}); 'cpu' always is"
        ) from error
    model.to(device)
