"""CNN-2, CNN-4, CNN-25 and CNN-50 of Koo & Ploenzke 2021: two convolutions, two pools.

The name says by how much the first pool shortens; the second makes the product 100. A small first
pool lets the network build motifs from parts, a large one forces whole motifs into the filters.

References
----------
Koo & Ploenzke 2021, Nature Machine Intelligence 3:258, doi 10.1038/s42256-020-00291-x. They train
CNN-2 and CNN-50; 25 and 4 are their builder's default. 156,740 weights for 200 bp and 12 outputs;
for 1000 bp they double the widths: 2,638,716.
"""

from cislens.errors import UserError
from cislens.models import blocks, pools, sizes
from cislens.models.zoo import _koo

POOLED = 100


def build(
    *,
    input_length: int,
    outputs: int,
    activation: str = "relu",
    first_pool: int = 2,
    width_multiplier: int | float = 1,
) -> blocks.Network:
    """Build a network of this family.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp; published are 200 and 1000.
    outputs
        Number of logits.
    activation
        First-layer activation, by name.
    first_pool
        Size of the first pool, in bp: a divisor of 100.
    width_multiplier
        Factor of all filters and units; published is 1 for 200 bp and 2 for 1000 bp.

    Returns
    -------
    blocks.Network
        The network, with new weights.

    Raises
    ------
    UserError
        If the first pool is not a divisor of 100.
    """
    if not isinstance(first_pool, int) or first_pool < 1 or POOLED % first_pool:
        raise UserError(f"first_pool={first_pool}: wants a divisor of {POOLED}")
    wide, deep, units = (sizes.scaled(n, width_multiplier) for n in (32, 124, 512))
    trunk = {
        "layer1": _koo.convolution(
            4, wide, 19, activation=activation, dropout=0.1, pool=pools.SamePool(first_pool)
        ),
        "layer2": _koo.convolution(
            wide, deep, 5, dropout=0.1, pool=pools.SamePool(POOLED // first_pool)
        ),
    }
    name = f"cnn-{first_pool}"
    return _koo.network(name, trunk, [units], input_length=input_length, outputs=outputs)


def cnn_2(
    *, input_length: int, outputs: int, activation: str = "relu", width_multiplier: int | float = 1
) -> blocks.Network:
    """Build CNN-2: pools of 2 and 50.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp.
    outputs
        Number of logits.
    activation
        First-layer activation, by name.
    width_multiplier
        Factor of all filters and units.

    Returns
    -------
    blocks.Network
        The network, with new weights.
    """
    return build(
        input_length=input_length,
        outputs=outputs,
        activation=activation,
        first_pool=2,
        width_multiplier=width_multiplier,
    )


def cnn_4(
    *, input_length: int, outputs: int, activation: str = "relu", width_multiplier: int | float = 1
) -> blocks.Network:
    """Build CNN-4: pools of 4 and 25.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp.
    outputs
        Number of logits.
    activation
        First-layer activation, by name.
    width_multiplier
        Factor of all filters and units.

    Returns
    -------
    blocks.Network
        The network, with new weights.
    """
    return build(
        input_length=input_length,
        outputs=outputs,
        activation=activation,
        first_pool=4,
        width_multiplier=width_multiplier,
    )


def cnn_25(
    *, input_length: int, outputs: int, activation: str = "relu", width_multiplier: int | float = 1
) -> blocks.Network:
    """Build CNN-25: pools of 25 and 4.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp.
    outputs
        Number of logits.
    activation
        First-layer activation, by name.
    width_multiplier
        Factor of all filters and units.

    Returns
    -------
    blocks.Network
        The network, with new weights.
    """
    return build(
        input_length=input_length,
        outputs=outputs,
        activation=activation,
        first_pool=25,
        width_multiplier=width_multiplier,
    )


def cnn_50(
    *, input_length: int, outputs: int, activation: str = "relu", width_multiplier: int | float = 1
) -> blocks.Network:
    """Build CNN-50: pools of 50 and 2.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp.
    outputs
        Number of logits.
    activation
        First-layer activation, by name.
    width_multiplier
        Factor of all filters and units.

    Returns
    -------
    blocks.Network
        The network, with new weights.
    """
    return build(
        input_length=input_length,
        outputs=outputs,
        activation=activation,
        first_pool=50,
        width_multiplier=width_multiplier,
    )
