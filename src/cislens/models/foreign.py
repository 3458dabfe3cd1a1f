"""Published weights of DeepSEA, from the files that others lay out, into the networks of the zoo.

Both networks were trained on channels in the order A G C T, and their files hold two-dimensional
convolutions of height 1. Here the first kernel is recoded to A C G T, so that nothing downstream
has to know.
"""

import os
import re
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from cislens.errors import UserError
from cislens.models import checkpoint, spec
from cislens.models.checkpoint import Checkpoint, CheckpointError

CHANNELS = "AGCT"
"""Order of the channels in which DeepSEA and Beluga were trained."""


_FILTERS = 320
"""First-layer filters of both networks; a file with others is of a scaled network."""


class Layout(NamedTuple):
    """How a file names the layers of a network."""

    architecture: str
    length: int
    layers: dict[str, str]


LAYOUTS = {
    "deepsea": Layout(
        "deepsea",
        1000,
        {
            "0": "layer1.convolution",
            "4": "layer2.convolution",
            "8": "layer3.convolution",
            "12.1": "dense1.linear",
            "14.1": "output",
        },
    ),
    "beluga": Layout(
        "beluga",
        2000,
        {
            "0.0": "layer1.convolution",
            "0.2": "layer2.convolution",
            "0.6": "layer3.convolution",
            "0.8": "layer4.convolution",
            "0.12": "layer5.convolution",
            "0.14": "layer6.convolution",
            "1.2.1": "dense1.linear",
            "1.4.1": "output",
        },
    ),
}
"""DeepSEA of 2015 as Kipoi lays it out, Beluga of 2018 as ExPecto, Selene and Kipoi do; a common
beginning of all names, such as "model." or the place in a wrapper, is dropped."""


def load(
    path: str | os.PathLike[str],
    *,
    tasks: tuple[str, ...],
    channels: str = CHANNELS,
) -> Checkpoint:
    """Read published weights; nothing is unpickled.

    Parameters
    ----------
    path
        A PyTorch file of tensors (``.pth``), or a ``.safetensors`` file.
    tasks
        Names of the outputs, such as `read_names` gives.
    channels
        Order of the channels that the file's first kernel reads.

    Returns
    -------
    Checkpoint
        The network, which takes A C G T, its recipe, and where it came from.

    Raises
    ------
    UserError
        If the file is broken, of no known layout, or has another number of outputs, or the order
        of channels is none.

    References
    ----------
    Zhou and Troyanskaya 2015, doi:10.1038/nmeth.3547. Zhou et al. 2018,
    doi:10.1038/s41588-018-0160-6.
    """
    if sorted(channels) != sorted("ACGT"):
        raise UserError(f"channels={channels!r}: wants the letters A, C, G, T in some order")
    path = Path(path)
    name, tensors = _recognised(path, checkpoint.tensors(path))
    layout = LAYOUTS[name]
    outputs = tensors["output.bias"].shape[0]
    if outputs != len(tasks):
        raise CheckpointError(
            f"{path}: {outputs} outputs; {len(tasks)} names are given: give those of this network"
        )
    first = tensors["layer1.convolution.weight"]
    width = len(first) / _FILTERS
    options: dict[str, Any] = {} if width == 1 else {"width_multiplier": width}
    tensors["layer1.convolution.weight"] = first[:, [channels.index(base) for base in "ACGT"]]
    own = "threshold" if name == "deepsea" else "relu"
    recipe = spec.Recipe(
        layout.architecture, layout.length, tasks, "binary", activation=own, options=options
    )
    model = checkpoint.filled(str(path), recipe, tensors)
    return Checkpoint(model, recipe, {"weights": path.name, "layout": name, "channels": channels})


def read_names(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Read the names of DeepSEA's outputs.

    Parameters
    ----------
    path
        A text file, one name a line ("Cell|Assay|Treatment"), perhaps behind a number and a tab,
        as "predictor.names" of DeepSEA has it.

    Returns
    -------
    tuple
        The names, in order; of equal ones the second and further get their place appended, as
        DeepSEA has some.

    Raises
    ------
    UserError
        If the file is missing or empty.
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(f"{path}: no such file; give a text file of names, one a line")
    lines = [line.split("\t")[-1].strip() for line in path.read_text("utf-8").splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        raise UserError(f"{path}: holds no name; wants one a line")
    seen: set[str] = set()
    names = []
    for place, line in enumerate(lines):
        names.append(f"{line}|{place}" if line in seen else line)
        seen.add(line)
    return tuple(names)


def assay(name: str) -> str:
    """Tell the class of an assay from the name of an output.

    Parameters
    ----------
    name
        Such as "K562|CTCF|None", or "K562_CTCF_None".

    Returns
    -------
    str
        "DNase" for accessibility, "histone" for marks of histones, "TF" for anything else.
    """
    words = re.split(r"[|_]", name)
    if any(word.upper().startswith(("DNASE", "ATAC")) for word in words):
        return "DNase"
    if any(re.fullmatch(r"H(2A|2B|3|4)(K\d+\w*|[._-]?Z|BK\d+\w*)", word) for word in words[1:]):
        return "histone"
    return "TF"


def _recognised(path: Path, tensors: dict[str, Tensor]) -> tuple[str, dict[str, Tensor]]:
    """Find the layout by its names; give the tensors by our names and in our shapes."""
    for name, layout in LAYOUTS.items():
        wanted = {
            f"{theirs}.{kind}": f"{ours}.{kind}"
            for theirs, ours in layout.layers.items()
            for kind in ("weight", "bias")
        }
        prefix = _prefix(set(tensors), set(wanted))
        if prefix is not None:
            return name, {ours: _flat(tensors[prefix + key]) for key, ours in wanted.items()}
    raise CheckpointError(
        f"{path}: {', '.join(list(tensors)[:4])} …: no layout of DeepSEA or Beluga; build the "
        "model yourself and use checkpoint.load_weights"
    )


def _prefix(found: set[str], wanted: set[str]) -> str | None:
    """Find what stands before all names; None if the names are others."""
    key = min(wanted)
    candidates = sorted(name.removesuffix(key) for name in found if name.endswith(key))
    for prefix in candidates:
        if found == {prefix + name for name in wanted}:
            return prefix
    return None


def _flat(tensor: Tensor) -> Tensor:
    """Take the height of 1 out of a kernel."""
    return tensor.squeeze(2).contiguous() if tensor.ndim == 4 else tensor.to(torch.float32)
