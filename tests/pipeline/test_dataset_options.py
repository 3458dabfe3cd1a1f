"""Options of the verbs that look at datasets."""

from pathlib import Path

from cislens.data import alignments
from cislens.pipeline import dataset_options


def test_no_page_is_written_unless_asked_for():
    assert dataset_options.Inspect(Path("d.zarr")).out is None


def test_reads_are_chosen_as_the_reader_chooses_by_itself():
    assert vars(dataset_options.ReadOptions()) == vars(alignments.Reads())
