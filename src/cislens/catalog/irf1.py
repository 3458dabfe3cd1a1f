"""IRF1 ChIP-seq peaks of Koo & Ploenzke 2021."""

from cislens.catalog import _koo
from cislens.catalog.card import Card, Remote

SHA256 = "bde3a684307494cdc4a584177f317ee6e2f9462f35a9b944f2acf85cb2d07b64"


def card() -> Card:
    """Describe the dataset.

    Returns
    -------
    Card
        One HDF5 bundle.
    """
    return _koo.card(
        "IRF1", Remote(_koo.name("IRF1"), _koo.url("IRF1"), sha256=SHA256, size=1_685_323)
    )
