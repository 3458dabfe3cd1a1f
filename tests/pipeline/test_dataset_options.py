"""Options of the verbs that look at datasets."""

from pathlib import Path

from cislens.pipeline import dataset_options


def test_no_page_is_written_unless_asked_for():
    assert dataset_options.Inspect(Path("d.zarr")).out is None
