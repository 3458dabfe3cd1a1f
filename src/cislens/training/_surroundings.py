"""What a fit gives back as it found it, and what it keeps quiet."""

import contextlib
import logging
import signal
import threading
import warnings
from collections.abc import Iterator

import torch
from torch import nn

HARMLESS = (
    r"GPU available but not used",  # the accelerator is the user's choice
    r"The `srun` command is available on your system but is not used",  # so is the launcher
    r"`isinstance\(treespec, LeafSpec\)` is deprecated",  # Lightning's own call into PyTorch
)
"""Beginnings of warnings that tell a user nothing to act on."""


@contextlib.contextmanager
def as_found(model: nn.Module) -> Iterator[None]:
    """Give a model back on its device, each part in its mode."""
    modes = {module: module.training for module in model.modules()}
    device = next((weight.device for weight in model.parameters()), torch.device("cpu"))
    try:
        yield
    finally:
        model.to(device)
        for module, mode in modes.items():
            module.training = mode


@contextlib.contextmanager
def own_random_state() -> Iterator[None]:
    """Leave PyTorch's global generators as they were."""
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        yield


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Hush Lightning's announcements and harmless warnings."""
    loggers = [logging.getLogger(f"lightning.{name}") for name in ("pytorch", "fabric")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.WARNING)
        with warnings.catch_warnings():
            for message in HARMLESS:
                warnings.filterwarnings("ignore", message)
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl+C be a KeyboardInterrupt: Lightning exits the process and turns the key off."""
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SystemExit as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        raise
    finally:
        if is_main:
            signal.signal(signal.SIGINT, handler)
