"""`cislens data fetch`, as a user runs it."""

import gzip
import hashlib
import io
import json
import tarfile

import numpy as np
import pytest
import scipy.io

from cislens import catalog
from cislens.cli import main
from cislens.data import dataset


@pytest.mark.parametrize("words", [(), ("--list",)])
def test_catalogue(words, capsys):
    assert main.main(["data", "fetch", *words]) == 0
    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines()[: len(catalog.DATASETS)]] == [
        *catalog.DATASETS
    ]


def test_from_a_local_copy_to_a_dataset(real_data, tmp_path, capsys):
    words = ["IRF1", "--from", str(real_data / "chip"), "--out", str(tmp_path / "irf1")]
    assert main.main(["data", "fetch", *words]) == 0
    assert f"data import --config {tmp_path}/irf1/irf1.yaml" in capsys.readouterr().out
    assert main.main(["data", "import", "--config", str(tmp_path / "irf1" / "irf1.yaml")]) == 0
    assert len(dataset.open(tmp_path / "irf1" / "irf1.zarr")) == 3892


def test_genome_goes_on_to_build(tmp_path, capsys):
    (tmp_path / "sacCer3.fa.gz").write_bytes(gzip.compress(b">chrI\nACGT\n"))
    words = ["saccer3", "--from", str(tmp_path), "--out", str(tmp_path / "g")]
    assert main.main(["data", "fetch", *words]) == 0
    told = capsys.readouterr().out
    assert f"cislens data build {tmp_path}/g/saccer3.yaml" in told
    assert "# Your own files in place of PEAKS.bed." in told
    assert (tmp_path / "g" / "sacCer3.fa").read_text() == ">chrI\nACGT\n"


def jores2021(folder, letters):
    for split, count in (("train", 60), ("test", 9)):
        rows = [f"{split}\tAt\t{split}{n}\t{letters(30)}\t{n / 7}\n" for n in range(count)]
        head = "set\tsp\tgene\tsequence\tenrichment\n"
        (folder / f"CNN_{split}_leaf.tsv").write_text(head + "".join(rows))


def deepstarr(folder, letters):
    for split in ("Train", "Val", "Test"):
        records = [f">{split}{n}\n{letters(30)}\n" for n in range(5)]
        (folder / f"Sequences_{split}.fa").write_text("".join(records))
        rows = [f"{n}.25\t-{n}.5\n" for n in range(5)]
        head = "Dev_log2_enrichment\tHk_log2_enrichment\n"
        (folder / f"Sequences_activity_{split}.txt").write_text(head + "".join(rows))


def basset(folder, letters):
    (folder / "hg19.fa").write_text(f">chr1\n{letters(5000)}\n")
    rows = [f"chr1:{n * 20}-{n * 20 + 600}(+)\t{n % 2}\t{n % 3 % 2}\n" for n in range(200)]
    text = "\t8988T\tAoSMC\n" + "".join(rows)
    (folder / "encode_roadmap_act.txt.gz").write_bytes(gzip.compress(text.encode()))


def deepsea(folder, letters):
    with tarfile.open(folder / "deepsea_train_bundle.v0.9.tar.gz", "w:gz") as archive:
        for number, split in enumerate(("train", "valid", "test")):
            codes = np.array(["AGCT".index(letter) for letter in letters(6 * 40)]).reshape(6, 40)
            stream = io.BytesIO()
            onehot = np.eye(4, dtype=np.uint8)[codes].transpose(0, 2, 1)
            labels = np.eye(6, dtype=np.uint8)[:, number : number + 3]
            scipy.io.savemat(stream, {f"{split}xdata": onehot, f"{split}data": labels})
            member = tarfile.TarInfo(f"deepsea_train/{split}.mat")
            member.size = len(stream.getvalue())
            archive.addfile(member, io.BytesIO(stream.getvalue()))


EXPECTED = {
    jores2021: (69, ("enrichment",), "continuous"),
    deepstarr: (15, ("Dev_log2_enrichment", "Hk_log2_enrichment"), "continuous"),
    basset: (200, ("8988T", "AoSMC"), "binary"),
    deepsea: (18, ("task_0", "task_1", "task_2"), "binary"),
}


@pytest.mark.parametrize("make", EXPECTED, ids=lambda make: make.__name__)
def test_files_of_the_published_layout_become_a_dataset(make, tmp_path, rng):
    (tmp_path / "copy").mkdir()
    make(tmp_path / "copy", lambda count: "".join(rng.choice(list("ACGT"), count)))
    name, out = make.__name__, tmp_path / make.__name__
    files = [file.name for file in catalog.DATASETS[name]().files]
    contents = {file: (tmp_path / "copy" / file).read_bytes() for file in files}
    sums = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
    words = ["--from", str(tmp_path / "copy"), "--out", str(out), "--sha256", json.dumps(sums)]
    if name == "basset":
        words += ["--genome", str(tmp_path / "copy" / "hg19.fa")]
    assert main.main(["data", "fetch", name, *words]) == 0
    assert main.main(["data", "import", "--config", str(out / f"{name}.yaml")]) == 0
    stored = dataset.open(out / f"{name}.zarr")
    assert (len(stored), stored.tasks, stored.target_kind) == EXPECTED[make]
    assert set(stored.split) == {"train", "validation", "test"}


def test_unknown_name_is_one_line(capsys):
    assert main.main(["data", "fetch", "irf2"]) == 2
    error = capsys.readouterr().err
    assert "did you mean 'irf1'?" in error
    assert error.count("\n") == 1
