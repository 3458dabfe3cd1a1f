"""Archives and tables."""

import gzip
import io
import tarfile

import pytest

from cislens.catalog import unpack
from cislens.errors import UserError


def test_gunzip(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"text" * 1000))
    unpack.gunzip(tmp_path / "a.gz", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"text" * 1000


def test_damaged_gzip_leaves_nothing(tmp_path):
    whole = gzip.compress(bytes(range(256)) * 50)
    damaged = [whole[:-20], b"no gzip", whole[:40] + b"\xff" * 9 + whole[49:]]
    for number, content in enumerate(damaged):
        path = tmp_path / f"{number}.gz"
        path.write_bytes(content)
        with pytest.raises(UserError, match="damaged or cut short"):
            unpack.gunzip(path, tmp_path / "out")
        assert not (tmp_path / "out").exists()


def archive(path, members):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def test_only_named_members_come_and_none_leaves_the_folder(tmp_path):
    members = {"deep/train.mat": b"1", "../../test.mat": b"2", "deep/readme": b"3"}
    archive(tmp_path / "a.tar.gz", members)
    unpack.members(tmp_path / "a.tar.gz", ("train.mat", "test.mat"), tmp_path / "mat")
    found = {path.name: path.read_bytes() for path in (tmp_path / "mat").iterdir()}
    assert found == {"train.mat": b"1", "test.mat": b"2"}
    assert not (tmp_path.parent / "test.mat").exists()


def test_missing_member_and_damaged_archive(tmp_path):
    archive(tmp_path / "a.tar.gz", {"a": b"1"})
    with pytest.raises(UserError, match=r"no test\.mat in this archive"):
        unpack.members(tmp_path / "a.tar.gz", ("test.mat",), tmp_path / "mat")
    whole = (tmp_path / "a.tar.gz").read_bytes()
    for content in (whole[:-15], b"no archive"):
        (tmp_path / "b.tar.gz").write_bytes(content)
        with pytest.raises(UserError, match=r"damaged or cut short|no test"):
            unpack.members(tmp_path / "b.tar.gz", ("test.mat",), tmp_path / "mat")
    assert not (tmp_path / "mat").exists()


def test_table_is_whole_or_not_there(tmp_path):
    unpack.table(tmp_path / "t.tsv", ("a", "b"), [["1", "2"]])
    assert (tmp_path / "t.tsv").read_text() == "a\tb\n1\t2\n"

    def rows():
        yield ["3", "4"]
        raise UserError("wrong")

    with pytest.raises(UserError, match="wrong"):
        unpack.table(tmp_path / "u.tsv", ("a", "b"), rows())
    assert not (tmp_path / "u.tsv").exists()
