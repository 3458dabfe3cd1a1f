"""Published datasets by name: where they are, what they are, and how they become a dataset."""

from collections.abc import Callable

from cislens.catalog import basset, deepsea, deepstarr, irf1, jores2021, saccer3, zbed2
from cislens.catalog.card import Card

DATASETS: dict[str, Callable[[], Card]] = {
    "basset": basset.card,
    "deepsea": deepsea.card,
    "deepstarr": deepstarr.card,
    "irf1": irf1.card,
    "jores2021": jores2021.card,
    "saccer3": saccer3.card,
    "zbed2": zbed2.card,
}
"""The card of each dataset; a file of this folder each."""
