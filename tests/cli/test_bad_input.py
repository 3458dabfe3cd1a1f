"""Bad input on the command line: one sentence, exit 2, nothing half-written."""

import gzip

import h5py
import numpy as np
import pytest

from cislens.cli import main

GOOD = ">chr1:0-8\nACGTACGT\n>chr2:0-8\nACGTACGA\n>chr3:0-8\nACGTACGC\n"


def fasta(text, name="in.fa"):
    return lambda folder: (folder / name).write_text(text)


def truncated_gzip(folder):
    whole = gzip.compress((GOOD * 200).encode(), mtime=0)
    (folder / "in.fa.gz").write_bytes(whole[: len(whole) // 2])


def mismatched_rows(folder):
    with h5py.File(folder / "in.h5", "w") as file:
        for split in ("train", "valid", "test"):
            file[f"X_{split}"] = np.tile(np.eye(4)[:, [0, 1, 2, 3]], (5, 1, 1))
            file[f"Y_{split}"] = np.zeros((4, 1))


def table(text):
    return lambda folder: (folder / "in.tsv").write_text(text)


NET = ["--model.architecture", "cnn-local"]
SHUFFLE = ["--negatives", "dinucleotide-shuffle"]
CASES = {
    "wrong alphabet": (fasta(">a\nACGT\n>b\nACXT\n"), "in.fa", SHUFFLE, [r"in.fa", "'X'"]),
    "RNA read as DNA": (fasta(">a\nACGU\n"), "in.fa", SHUFFLE, ["in.fa", "RNA"]),
    "ragged": (fasta(">a\nACGT\n>b\nACG\n"), "in.fa", SHUFFLE, ["in.fa, line 3", "3", "4"]),
    "empty": (fasta(""), "in.fa", SHUFFLE, ["in.fa", "empty"]),
    "no header": (fasta("ACGT\n"), "in.fa", SHUFFLE, ["in.fa, line 1", ">"]),
    "truncated gzip": (truncated_gzip, "in.fa.gz", SHUFFLE, ["in.fa.gz"]),
    "missing file": (lambda folder: None, "in.fa", SHUFFLE, ["in.fa"]),
    "mismatched rows": (mismatched_rows, "in.h5", ["--split.by", "given"], ["in.h5", "5", "4"]),
    "no number": (
        table("sequence\ty\nACGT\t1\nACGA\tmuch\n"),
        "in.tsv",
        ["--target_columns", "[y]"],
        ["in.tsv, line 3", "much"],
    ),
    "unknown column": (
        table("sequence\ty\nACGT\t1\n"),
        "in.tsv",
        ["--target_columns", "[z]"],
        ["in.tsv", "'z'", "y"],
    ),
    "unknown chromosome": (
        fasta(GOOD),
        "in.fa",
        ["--split.by=chromosome", "--split.validation=[chr9]", "--split.test=[chr2]", *SHUFFLE],
        ["chr9", "chr1"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_import(case, tmp_path, capsys):
    make, name, words, wanted = CASES[case]
    make(tmp_path)
    before = sorted(tmp_path.iterdir())
    out = str(tmp_path / "out.zarr")
    assert main.main(["data", "import", str(tmp_path / name), "--out", out, *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert all(part in error for part in wanted), error
    assert sorted(tmp_path.iterdir()) == before


def test_unknown_key_in_yaml(tmp_path, capsys):
    path = tmp_path / "run.yaml"
    path.write_text("out: run\ndata:\n  path: a.fa\n  negative: b.fa\n")
    assert main.main(["run", str(path)]) == 2
    error = capsys.readouterr().err
    assert "run.yaml, line 4: key 'data.negative' is unknown; did you mean 'negatives'?" in error
    assert [p.name for p in tmp_path.iterdir()] == ["run.yaml"]


def test_training_task_with_one_class(tmp_path, capsys):
    rows = [f"{'ACGT' * 25}\t1\t{part}" for part in ["train"] * 8 + ["valid"] * 2 + ["test"] * 2]
    (tmp_path / "in.tsv").write_text("sequence\ty\tsplit\n" + "\n".join(rows) + "\n")
    data = str(tmp_path / "d.zarr")
    words = ["--target_columns", "[y]", "--split.by", "column"]
    assert main.main(["data", "import", str(tmp_path / "in.tsv"), "--out", data, *words]) == 0
    capsys.readouterr()
    assert main.main(["train", data, "--out", str(tmp_path / "run"), *NET]) == 2
    error = capsys.readouterr().err
    assert "'y'" in error
    assert "two classes are needed" in error
    assert not list(tmp_path.rglob("model.safetensors"))


def test_model_file_that_is_none(tmp_path, capsys):
    (tmp_path / "model.safetensors").write_bytes(b"not a model")
    (tmp_path / "in.fa").write_text(GOOD)
    words = [str(tmp_path / name) for name in ("model.safetensors", "in.fa")]
    assert main.main(["predict", *words, "--out", str(tmp_path / "t.tsv")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "model.safetensors" in error
    assert not (tmp_path / "t.tsv").exists()


def test_report_of_a_folder_that_is_no_run(tmp_path, capsys):
    assert main.main(["report", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())
