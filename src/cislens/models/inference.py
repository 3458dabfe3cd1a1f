"""What one may ask of any network: predictions, gradients and activations, in batches.

A network is any ``nn.Module`` that maps (batch, 4, length) to (batch, outputs). It is asked in
evaluation mode and given back as it came: mode of every submodule, device, ``requires_grad``,
hooks, and that also when something fails. One batch at a time is held on its device.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from jaxtyping import Float
from torch import Tensor, nn

from cislens.models import _custody, _forward, _sequences, layers
from cislens.models._sequences import Batch, Sequences
from cislens.sequence.shapes import Codes, OneHot

Device = str | torch.device | None
Outputs = Float[Tensor, "batch outputs"]
Target = int | Callable[[Outputs], Float[Tensor, " batch"]]


def predict(
    model: nn.Module, sequences: Sequences, *, batch_size: int = 256, device: Device = None
) -> Outputs:
    """Run the network.

    Parameters
    ----------
    model
        The network.
    sequences
        One-hot sequences, or base codes that are sliced batch by batch.
    batch_size
        Sequences per batch.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Outputs
        The raw outputs (logits, for a network of the zoo), float32 on the CPU.

    Raises
    ------
    UserError
        If the sequences do not fit the network, or an output is NaN.
    """
    batches = _sequences.batches(model, sequences, batch_size)
    outputs = []
    with preserved(model, device), torch.no_grad():
        form = _sequences.form(model)
        for _, batch in batches:
            outputs.append(
                _forward.outputs(model, _sequences.to_onehot(batch, like=form)).float().cpu()
            )
    return torch.cat(outputs)


def gradient(
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    batch_size: int = 256,
    device: Device = None,
) -> OneHot:
    """Differentiate one number per sequence by its one-hot columns.

    Parameters
    ----------
    model
        The network. No gradient of its weights is computed.
    onehot
        The sequences; soft columns are allowed.
    target
        Which output, counted from 0, or a function of the outputs that gives one number per
        sequence, each from its own row alone.
    batch_size
        Sequences per batch.
    device
        Where to run; None is where the network is.

    Returns
    -------
    OneHot
        The derivative by each element, with the number type and device of ``onehot``; 0 where
        the number does not depend on it.

    Raises
    ------
    UserError
        If the sequences do not fit the network, there is no such output, or an output is NaN.
    """
    batches = _sequences.batches(model, onehot, batch_size)
    gradients = []
    with (
        preserved(model, device),
        torch.inference_mode(mode=False),
        torch.enable_grad(),
        _forward.differentiable_recurrence(model),
    ):
        form = _sequences.form(model)
        for _, batch in batches:
            x = _sequences.to_onehot(batch, like=form).detach().clone().requires_grad_()
            explained = _forward.explained(_forward.outputs(model, x), target).sum()
            gradients.append(_forward.input_gradient(explained, x).to(onehot))
    return torch.cat(gradients)


def activations(
    model: nn.Module,
    sequences: Sequences,
    *,
    layer: str,
    batch_size: int = 256,
    device: Device = None,
) -> Tensor:
    """Collect the output of a layer.

    Parameters
    ----------
    model
        The network.
    sequences
        One-hot sequences, soft columns allowed, or base codes that are sliced batch by batch.
    layer
        Dotted name of the layer; if it runs several times, the first counts.
    batch_size
        Sequences per batch.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Tensor
        The layer's output, sequences on the first axis, on the CPU.

    Raises
    ------
    UserError
        If there is no such layer, it never runs or its output is no tensor, if the sequences do
        not fit the network, or if the output is NaN.
    """
    stream = _stream(model, sequences, layer=layer, batch_size=batch_size, device=device)
    return torch.cat([activation.cpu() for _, _, activation in stream])


def stream_activations(
    model: nn.Module,
    sequences: Sequences,
    *,
    layer: str,
    batch_size: int = 256,
    device: Device = None,
) -> Iterator[tuple[int, Codes, Tensor]]:
    """Give the output of a layer batch by batch; later layers do not run.

    Between two batches the network is in the mode it came in; with ``device`` it is moved back at
    the end.

    Parameters
    ----------
    model
        The network.
    sequences
        One-hot sequences, or base codes that are sliced batch by batch.
    layer
        Dotted name of the layer; if it runs several times, the first counts.
    batch_size
        Sequences per batch.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Iterator[tuple[int, Codes, Tensor]]
        Row of the first sequence, base codes, and the layer's output on the device it ran on.

    Raises
    ------
    UserError
        As `activations`; sequences with soft columns have no codes and are refused, too.
    """
    stream = _stream(model, sequences, layer=layer, batch_size=batch_size, device=device)
    return ((start, _sequences.to_codes(batch), output) for start, batch, output in stream)


def output_at(model: nn.Module, onehot: OneHot, *, layer: str) -> Tensor:
    """Run one batch up to a layer, with the network as it is.

    Parameters
    ----------
    model
        The network; the caller cares for its mode, its device and gradients.
    onehot
        One batch, on the device of the network.
    layer
        Dotted name of the layer.

    Returns
    -------
    Tensor
        The layer's first output.

    Raises
    ------
    UserError
        If there is no such layer, it never runs or its output is no tensor.
    """
    return _forward.up_to(model, onehot, layer)


@contextmanager
def preserved(model: nn.Module, device: Device = None) -> Iterator[None]:
    """Hold a network in evaluation mode, on a device and without weight gradients, for a while.

    Parameters
    ----------
    model
        The network, which is given back with the mode of every submodule, the device of every
        tensor and the ``requires_grad`` it came with, also when an exception passes.
    device
        Where to hold it; None is where it is.

    Yields
    ------
    None
        Nothing; the network itself is changed.

    Raises
    ------
    UserError
        If there is no such device.
    """
    with _custody.placed(model, device), _custody.frozen(model):
        yield


def _stream(
    model: nn.Module, sequences: Sequences, *, layer: str, batch_size: int, device: Device
) -> Iterator[tuple[int, Batch, Tensor]]:
    layers.find(model, layer)
    return _streamed(model, _sequences.batches(model, sequences, batch_size), layer, device)


def _streamed(
    model: nn.Module, batches: Iterator[tuple[int, Batch]], layer: str, device: Device
) -> Iterator[tuple[int, Batch, Tensor]]:
    # Only the forward pass is wrapped: a generator would lend its gradient mode to its caller.
    with _custody.placed(model, device):
        form = _sequences.form(model)
        for start, batch in batches:
            with _custody.frozen(model), torch.no_grad():
                onehot = _sequences.to_onehot(batch, like=form)
                output = _forward.up_to(model, onehot, layer)
            if start == 0:
                _forward.refuse_nan(model, onehot, output)
            yield start, batch, output
