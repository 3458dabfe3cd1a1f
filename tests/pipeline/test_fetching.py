"""From a name to files that a verb reads."""

import hashlib
import subprocess

import pytest
import yaml

from cislens import catalog
from cislens.catalog import download
from cislens.catalog.card import Card, Remote
from cislens.errors import UserError
from cislens.pipeline import fetching
from cislens.pipeline.dataset_options import Fetch

FIRST, SECOND = b"first file", b"second file"


@pytest.fixture
def toy(file_server, monkeypatch):
    """A catalogue of one dataset: a file with a checksum, one without, a product of both."""
    monkeypatch.setattr(download, "PAUSES", ())
    file_server.files |= {"a": FIRST, "b": SECOND}
    made = []

    def prepare(folder, genome):
        made.append(genome)
        (folder / "ab").write_bytes((folder / "a").read_bytes() + (folder / "b").read_bytes())

    card = Card(
        title="Two files",
        citation="Nobody 2021, doi:10.0/0",
        licence="none",
        layout="bytes",
        size="21 bytes",
        files=(
            Remote("a", file_server.url("a"), sha256=hashlib.sha256(FIRST).hexdigest()),
            Remote("b", file_server.url("b")),
        ),
        verb="data import",
        options={"path": "{folder}/ab", "target_columns": ["t"], "split": {"by": "given"}},
        prepare=prepare,
    )
    monkeypatch.setattr(catalog, "DATASETS", {"toy": lambda: card})
    toy = lambda: None  # noqa: E731
    toy.made, toy.card, toy.server = made, card, file_server
    return toy


def fetch(folder, **options):
    return fetching.run(Fetch("toy", out=folder, **options))


def test_files_yaml_and_card_stand_in_the_folder(toy, tmp_path):
    told = fetch(tmp_path / "toy")
    assert (tmp_path / "toy" / "ab").read_bytes() == FIRST + SECOND
    written = yaml.safe_load((tmp_path / "toy" / "toy.yaml").read_text())
    assert written == {
        "path": f"{tmp_path}/toy/ab",
        "target_columns": ["t"],
        "split": {"by": "given"},
        "out": f"{tmp_path}/toy/toy.zarr",
    }
    assert f"cislens data import --config {tmp_path}/toy/toy.yaml" in told
    assert "doi:10.0/0" in (tmp_path / "toy" / "toy.txt").read_text()
    assert told.count("checksum unknown to the catalogue") == 1
    assert hashlib.sha256(SECOND).hexdigest() in told
    subprocess.run(
        ["sha256sum", "--check", "--strict", fetching.SUMS], cwd=tmp_path / "toy", check=True
    )


def test_what_is_there_is_not_fetched_again(toy, tmp_path):
    fetch(tmp_path / "toy")
    asked = len(toy.server.asked)
    fetch(tmp_path / "toy")
    assert len(toy.server.asked) == asked == 2
    assert len(toy.made) == 1
    (tmp_path / "toy" / "ab").unlink()
    fetch(tmp_path / "toy")
    assert len(toy.made) == 2


def test_file_that_changed_since_is_refused(toy, tmp_path):
    fetch(tmp_path / "toy")
    (tmp_path / "toy" / "b").write_bytes(b"tampered with")
    with pytest.raises(UserError, match=r"b: has SHA-256 .* is wanted; it is damaged or another"):
        fetch(tmp_path / "toy")


def test_local_copy_needs_no_network(toy, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "a").write_bytes(FIRST)
    with pytest.raises(UserError, match="no b there; wanted: a, b"):
        fetch(tmp_path / "toy", from_=tmp_path / "copy")
    (tmp_path / "copy" / "b").write_bytes(SECOND)
    fetch(tmp_path / "toy", from_=tmp_path / "copy")
    assert (tmp_path / "toy" / "ab").read_bytes() == FIRST + SECOND
    assert not toy.server.asked


def test_damaged_local_copy_is_refused_and_leaves_nothing(toy, tmp_path):
    (tmp_path / "a").write_bytes(b"another")
    (tmp_path / "b").write_bytes(SECOND)
    with pytest.raises(UserError, match=f"{tmp_path}/a: has SHA-256"):
        fetch(tmp_path / "toy", from_=tmp_path)
    assert not (tmp_path / "toy").exists()


def test_own_checksum_goes_over_the_catalogue(toy, tmp_path):
    wrong = {"b": "0" * 64}
    with pytest.raises(UserError, match=r"0{64} is wanted"):
        fetch(tmp_path / "toy", sha256=wrong)
    assert not (tmp_path / "toy" / "b").exists()
    right = {"b": hashlib.sha256(SECOND).hexdigest().upper()}
    fetch(tmp_path / "toy", sha256=right)


def test_server_without_the_file_leaves_nothing(toy, tmp_path):
    toy.server.files.clear()
    with pytest.raises(UserError, match="404"):
        fetch(tmp_path / "toy")
    assert not (tmp_path / "toy").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"name": "tory"}, "did you mean 'toy'"),
        ({"sha256": {"c": "0" * 64}}, "'c' is no file of toy; it has a, b"),
        ({"sha256": {"a": "0"}}, "64 hexadecimal digits"),
        ({"genome": "none.fa"}, "none.fa: no such file"),
        ({"from_": "nowhere"}, "no a there"),
    ],
)
def test_wrong_words_are_told_before_anything_is_fetched(toy, tmp_path, options, told):
    paths = {key: tmp_path / options[key] for key in ("genome", "from_") if key in options}
    chosen = Fetch(**{"name": "toy", "out": tmp_path / "toy", **options, **paths})
    with pytest.raises(UserError, match=told):
        fetching.run(chosen)
    assert not toy.server.asked
    assert not (tmp_path / "toy").exists()


def test_genome_is_asked_for():
    with pytest.raises(UserError, match="give the FASTA file of hg19 with --genome"):
        fetching.run(Fetch("Basset"))


def test_catalogue_is_listed():
    told = fetching.run(Fetch())
    assert all(name in told for name in catalog.DATASETS)
