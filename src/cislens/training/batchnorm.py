"""Running statistics of batch normalisation that are right from the first epoch."""

from typing import NamedTuple

import lightning.pytorch as lightning
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


class _Norm(NamedTuple):
    module: _BatchNorm
    momentum: float
    seen: int


class UnbiasedStatistics(lightning.Callback):
    """Average the first batches evenly, until the module's own momentum gives them less weight.

    Running statistics start at mean 0 and variance 1. With a momentum of 0.01 half of that start is
    left after 70 batches, so that on small data the first validation losses are those of another
    network, and learning rate and patience answer to a plateau that is none. Here the momentum of
    the n-th batch is 1/n as long as that is more than the module's own. Training itself uses the
    statistics of each batch and is the same, bit for bit.

    Parameters
    ----------
    network
        The network that is fitted.
    least
        Least momentum. An attribution prior moves weights where normalisation hides it from the
        loss, by full steps of Adam however little it weighs; with a momentum of 0.01 the
        statistics come too late, and the network that is used is not the one that was trained.
    """

    def __init__(self, network: nn.Module, *, least: float = 0.0) -> None:
        self._network = network
        self._least = least
        self._norms: list[_Norm] = []

    def on_train_epoch_start(self, *_: object) -> None:  # numpydoc ignore=PR01
        """Look up how many batches each module has seen."""
        self._norms = [
            _Norm(module, module.momentum, int(module.num_batches_tracked))
            for module in self._network.modules()
            if isinstance(module, _BatchNorm)
            and module.momentum is not None
            and module.num_batches_tracked is not None
        ]

    def on_train_batch_start(  # numpydoc ignore=PR01
        self,
        trainer: object,
        pl_module: object,
        batch: object,
        batch_idx: int,
    ) -> None:
        """Weigh the coming batch as one of those seen so far."""
        for norm in self._norms:
            norm.module.momentum = max(norm.momentum, self._least, 1 / (norm.seen + batch_idx + 1))

    def on_train_epoch_end(self, *_: object) -> None:  # numpydoc ignore=PR01
        """Give the modules their own momentum back."""
        for norm in self._norms:
            norm.module.momentum = norm.momentum

    def on_exception(self, *_: object) -> None:  # numpydoc ignore=PR01
        """Give the modules their own momentum back after a failure too."""
        self.on_train_epoch_end()
