"""Datasets as files of other tools."""

import pytest

from cislens.errors import UserError
from cislens.pipeline import exporting, verbs


@pytest.mark.parametrize("name", ["a.h5", "a.npz", "a.fa", "a.fa.gz", "a.csv"])
def test_format_is_told_by_the_ending(task, tmp_path, name):
    said = exporting.run(verbs.Export(data=task, out=tmp_path / name))
    assert "600 sequences" in said
    assert (tmp_path / name).stat().st_size > 0


def test_unknown_ending_and_existing_file_are_refused(task, tmp_path):
    with pytest.raises(UserError, match="give --format"):
        exporting.run(verbs.Export(data=task, out=tmp_path / "a.doc"))
    (tmp_path / "a.h5").touch()
    with pytest.raises(UserError, match="exists"):
        exporting.run(verbs.Export(data=task, out=tmp_path / "a.h5"))


def test_one_split_is_counted(task, tmp_path):
    said = exporting.run(verbs.Export(data=task, out=tmp_path / "a.fa", split="test"))
    assert (tmp_path / "a.fa").read_text().count(">") == int(said.split()[1]) < 600
