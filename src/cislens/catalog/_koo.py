"""What the ChIP-seq bundles of Koo & Ploenzke 2021 share."""

from cislens.catalog.card import Card, Remote

COMMIT = "46deba90fe3377b179bef765901337aad956b4ce"
"""Version of the repository; a file of a commit never changes."""


def name(factor: str) -> str:
    return f"{factor}_400_h3k27ac.h5"


def url(factor: str) -> str:
    repository = "https://raw.githubusercontent.com/p-koo/exponential_activations"
    return f"{repository}/{COMMIT}/data/{name(factor)}"


def card(factor: str, file: Remote) -> Card:
    return Card(
        title=f"{factor} ChIP-seq peaks against H3K27ac regions without a peak, human, 400 bp",
        citation=(
            "Koo PK, Ploenzke M. Improving representations of genomic sequence motifs in "
            "convolutional networks with exponential activations. Nat Mach Intell 3, 258-266 "
            "(2021), doi:10.1038/s42256-020-00291-x"
        ),
        licence="MIT (repository p-koo/exponential_activations)",
        layout="HDF5: X_train, X_valid, X_test (rows, 4, 400), channels A C G T; Y_* (rows, 1)",
        size=f"{(file.size or 0) / 1e6:.1f} MB",
        files=(file,),
        verb="data import",
        options={
            "path": f"{{folder}}/{file.name}",
            "target_kind": "binary",
            "tasks": [factor],
            "split": {"by": "given"},
        },
    )
