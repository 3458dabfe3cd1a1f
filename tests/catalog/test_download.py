"""Files over http, against a server with every fault."""

import hashlib

import pytest

from cislens.catalog import download
from cislens.catalog.card import Remote
from cislens.errors import UserError


@pytest.fixture
def body(rng):
    return rng.bytes(1_000_000)


@pytest.fixture
def get(file_server, body, tmp_path, monkeypatch):
    """Fetch the file; its progress is in ``get.told``."""
    monkeypatch.setattr(download, "PAUSES", (0.0, 0.0))
    file_server.files["a.bin"] = body

    def get(wanted=None, size=None, name="a.bin"):
        remote = Remote("a.bin", file_server.url(name), size=size)
        told = get.told = []
        tell = lambda *at: told.append(at)  # noqa: E731
        return download.fetch(remote, tmp_path / "a.bin", tell=tell, wanted=wanted)

    return get


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_file_comes_whole_and_checked(get, body, tmp_path):
    expected = hashlib.sha256(body).hexdigest()
    assert get(expected, size=len(body)) == expected
    assert (tmp_path / "a.bin").read_bytes() == body
    assert names(tmp_path) == ["a.bin"]
    assert get.told[-1] == (len(body), len(body))


def test_broken_connection_is_resumed_where_it_broke(get, body, tmp_path, file_server):
    file_server.breaks = [300_000, 200_000]
    get(hashlib.sha256(body).hexdigest())
    assert (tmp_path / "a.bin").read_bytes() == body
    assert file_server.asked == [None, "bytes=300000-", "bytes=500000-"]
    done = [at for at, _ in get.told]
    assert done == sorted(done)


def test_the_same_call_later_goes_on(get, body, tmp_path, file_server):
    file_server.breaks = [100_000] * 3
    with pytest.raises(UserError, match=r"broken off at 300,000 bytes .* goes on from there"):
        get()
    assert names(tmp_path) == ["a.bin.part", "a.bin.part.mark"]
    get()
    assert (tmp_path / "a.bin").read_bytes() == body
    assert file_server.asked[-1] == "bytes=300000-"
    assert names(tmp_path) == ["a.bin"]


def test_part_of_a_file_that_changed_is_thrown_away(get, tmp_path, file_server):
    file_server.breaks = [100_000] * 3
    with pytest.raises(UserError, match="broken off"):
        get()
    file_server.files["a.bin"] = b"another file"
    file_server.etag = '"second"'
    get()
    assert (tmp_path / "a.bin").read_bytes() == b"another file"


@pytest.mark.parametrize(("ranges", "etag"), [(False, '"first"'), (True, None), (True, 'W/"x"')])
def test_server_that_cannot_resume_sends_all_again(get, body, tmp_path, file_server, ranges, etag):
    file_server.ranges, file_server.etag = ranges, etag
    file_server.breaks = [400_000]
    get()
    assert (tmp_path / "a.bin").read_bytes() == body


def test_complete_part_is_taken_without_another_byte(get, body, tmp_path, file_server):
    (tmp_path / "a.bin.part").write_bytes(body)
    (tmp_path / "a.bin.part.mark").write_text(file_server.etag)
    get(hashlib.sha256(body).hexdigest())
    assert (tmp_path / "a.bin").read_bytes() == body
    assert get.told == []


@pytest.mark.parametrize("fault", [{"wanted": "0" * 64}, {"size": 5}])
def test_another_file_is_refused_and_leaves_nothing(get, tmp_path, fault):
    with pytest.raises(UserError, match=r"is wanted|are wanted"):
        get(**fault)
    assert names(tmp_path) == []


def test_refusal_of_the_server_is_told(get, tmp_path):
    with pytest.raises(UserError, match=r"the server says 404 Not Found; .* --from DIR"):
        get(name="b.bin")
    assert names(tmp_path) == []


def test_no_network_and_wrong_addresses(tmp_path):
    for url, told in [
        ("http://127.0.0.1:9/a", "cannot be reached"),
        ("http://no.such.host.invalid/a", "cannot be reached"),
        ("file:///etc/hostname", "http or https"),
    ]:
        with pytest.raises(UserError, match=told):
            download.fetch(Remote("a", url), tmp_path / "a", tell=lambda *_: None)
    assert names(tmp_path) == []


def test_full_disk_is_not_called_a_broken_connection(get, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_validator", full)
    with pytest.raises(OSError, match="No space left"):
        get()
