"""Run a batch through a network, with the errors a user can mend said in one sentence."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import layers


class Reached(Exception):  # noqa: N818, a signal and no error
    """Says that the forward pass has come to the layer that was asked for."""

    def __init__(self, output: object) -> None:
        self.output = output


def outputs(model: nn.Module, onehot: Tensor) -> Tensor:
    """Run the whole network; gives (batch, outputs) without NaN."""
    with _explained(onehot):
        result = model(onehot)
    if not isinstance(result, Tensor) or result.ndim != 2 or len(result) != len(onehot):
        got = tuple(result.shape) if isinstance(result, Tensor) else type(result).__name__
        raise UserError(
            f"model: gives {got} for {len(onehot)} sequences; wants a tensor (batch, outputs): "
            "wrap the model in a module that gives one"
        )
    refuse_nan(model, onehot, result)
    return result


def up_to(model: nn.Module, onehot: Tensor, layer: str) -> Tensor:
    """Run the network until a layer has given its output."""

    def stop(_module: nn.Module, _inputs: object, output: object) -> None:
        raise Reached(output)

    handle = layers.find(model, layer).register_forward_hook(stop)
    try:
        with _explained(onehot):
            model(onehot)
    except Reached as reached:
        output = reached.output
    else:
        raise UserError(f"layer={layer!r}: the forward pass never runs it; choose one that runs")
    finally:
        handle.remove()
    if not isinstance(output, Tensor):
        raise UserError(
            f"layer={layer!r}: gives a {type(output).__name__}; choose one that gives a tensor"
        )
    return output


def explained(result: Tensor, target: int | Callable[[Tensor], Tensor]) -> Tensor:
    """Pick the number per sequence that is explained."""
    if callable(target):
        scalar = target(result)
        if not isinstance(scalar, Tensor) or scalar.shape != result.shape[:1]:
            got = tuple(scalar.shape) if isinstance(scalar, Tensor) else type(scalar).__name__
            raise UserError(
                f"target: the function gave {got} for outputs {tuple(result.shape)}; wants one "
                "number per sequence"
            )
        return scalar
    if not 0 <= target < result.shape[1]:
        raise UserError(f"target={target}: the model's outputs are 0 to {result.shape[1] - 1}")
    return result[:, target]


def input_gradient(scalar: Tensor, onehot: Tensor) -> Tensor:
    """Differentiate, with 0 where there is no dependence."""
    if not scalar.requires_grad:
        return torch.zeros_like(onehot)
    with _explained(onehot):
        (gradient,) = torch.autograd.grad(scalar, onehot, allow_unused=True)
    return torch.zeros_like(onehot) if gradient is None else gradient


def differentiable_recurrence(model: nn.Module) -> AbstractContextManager[object]:
    """Turn cuDNN off for recurrent networks, which it cannot differentiate in evaluation mode."""
    if any(isinstance(module, nn.RNNBase) for module in model.modules()):
        return torch.backends.cudnn.flags(enabled=False)
    return nullcontext()


def refuse_nan(model: nn.Module, onehot: Tensor, result: Tensor) -> None:
    """Raise for NaN in a result, and say where it comes from."""
    if not result.isnan().any():
        return
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise UserError(f"model: {name!r} holds NaN or infinity; load or train another model")
    if not onehot.isfinite().all():
        raise UserError("sequences: hold NaN or infinity; wants one-hot columns")
    raise UserError(
        "model: gives NaN though its weights are finite, so an activation overflows; train with "
        "activation 'exponential-clamped', or in float32"
    )


@contextmanager
def _explained(onehot: Tensor) -> Iterator[None]:
    rows, _, length = onehot.shape
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise UserError(
            f"batch_size={rows}: memory of {onehot.device} ran out; try {max(1, rows // 2)}"
        ) from error
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        if "shape" not in reason and "size" not in reason:
            raise
        raise UserError(
            f"sequences: the model cannot take {length} bp ({reason}); wants the length it was "
            "built for"
        ) from error
