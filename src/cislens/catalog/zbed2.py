"""ZBED2 ChIP-seq peaks of Koo & Ploenzke 2021."""

from cislens.catalog import _koo
from cislens.catalog.card import Card, Remote


def card() -> Card:
    """Describe the dataset.

    Returns
    -------
    Card
        One HDF5 bundle.
    """
    return _koo.card("ZBED2", Remote(_koo.name("ZBED2"), _koo.url("ZBED2"), size=2_107_653))
