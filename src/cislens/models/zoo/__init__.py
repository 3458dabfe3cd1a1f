"""Published architectures, layer by layer; each file offers ``build``, listed here by name.

Every builder takes ``input_length``, ``outputs``, ``activation`` (of the first layer) and
``width_multiplier`` (1 as published), and gives a network whose first block is ``layer1`` and whose
outputs are logits. Builders of `PROFILE_ARCHITECTURES` take the same and give a network of
profiles: ``outputs`` experiments of one or two strands each, for which it gives logits along the
positions and logarithms of the total counts.
"""

from collections.abc import Callable

from torch import nn

from cislens.models import blocks
from cislens.models.zoo import (
    basset,
    basset_koo,
    beluga,
    cnn_deep,
    cnn_dist,
    cnn_local,
    deepbind,
    deepsea,
    koo_cnn,
    residualbind,
    tseng_binary,
    tseng_profile,
)

ARCHITECTURES: dict[str, Callable[..., blocks.Network]] = {
    "cnn-2": koo_cnn.cnn_2,
    "cnn-4": koo_cnn.cnn_4,
    "cnn-25": koo_cnn.cnn_25,
    "cnn-50": koo_cnn.cnn_50,
    "cnn-deep": cnn_deep.build,
    "cnn-local": cnn_local.build,
    "cnn-dist": cnn_dist.build,
    "residualbind": residualbind.build,
    "deepbind": deepbind.build,
    "deepsea": deepsea.build,
    "beluga": beluga.build,
    "basset": basset.build,
    "basset-koo": basset_koo.build,
    "tseng-binary": tseng_binary.build,
}
"""Builders by name of architecture."""

PROFILE_ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {
    "tseng-profile": tseng_profile.build,
}
"""Builders of networks of profiles by name of architecture."""
