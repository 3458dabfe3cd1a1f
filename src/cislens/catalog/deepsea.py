"""The training bundle of DeepSEA, Zhou & Troyanskaya 2015."""

from pathlib import Path

from cislens.catalog import unpack
from cislens.catalog.card import Card, Remote

ARCHIVE = "deepsea_train_bundle.v0.9.tar.gz"
MEMBERS = ("train.mat", "valid.mat", "test.mat")


def card() -> Card:
    """Describe the dataset.

    Returns
    -------
    Card
        One archive of three MATLAB files.
    """
    return Card(
        title="919 chromatin features of 4.9 million human windows of 1,000 bp",
        citation=(
            "Zhou J, Troyanskaya OG. Predicting effects of noncoding variants with deep "
            "learning-based sequence model. Nat Methods 12, 931-934 (2015), doi:10.1038/nmeth.3547"
        ),
        licence="not stated in the archive; ask the authors before any but academic use",
        layout=(
            "MATLAB: trainxdata, validxdata, testxdata, one-hot in the order A G C T, the second "
            "half of each the reverse complements of the first; *data, 0 or 1 for 125 DNase, 690 "
            "transcription factor and 104 histone profiles"
        ),
        size="3 to 4 GB",
        files=(Remote(ARCHIVE, f"http://deepsea.princeton.edu/media/code/{ARCHIVE}"),),
        verb="data import",
        options={"path": "{folder}/mat", "split": {"by": "given"}},
        prepare=prepare,
    )


def prepare(folder: Path, genome: Path | None) -> None:
    """Unpack the three files.

    Parameters
    ----------
    folder
        Where the archive is; they come into its folder ``mat``.
    genome
        Not needed.
    """
    unpack.members(folder / ARCHIVE, MEMBERS, folder / "mat")
