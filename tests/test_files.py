"""Files appear whole or not at all."""

import pytest

from cislens import files


@pytest.mark.parametrize("before", [None, "file", "folder"])
def test_result_takes_its_place_only_when_complete(tmp_path, before):
    path = tmp_path / "result"
    if before == "file":
        path.write_text("old")
    elif before == "folder":
        path.mkdir()
        (path / "part").write_text("old")
    with files.whole(path) as temporary:
        temporary.write_text("new")
        assert not path.is_file() or path.read_text() == "old"
    assert path.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["result"]


def test_failure_leaves_what_was_there(tmp_path):
    path = tmp_path / "result"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        _fail_half_way(path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["result"]


def _fail_half_way(path):
    with files.whole(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError


def test_folder_replaces_folder(tmp_path):
    path = tmp_path / "store"
    path.mkdir()
    (path / "old").touch()
    with files.whole(path) as temporary:
        temporary.mkdir()
        (temporary / "new").touch()
    assert [p.name for p in path.iterdir()] == ["new"]
