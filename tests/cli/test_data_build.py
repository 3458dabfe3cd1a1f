"""`cislens data build`, as a user runs it, and what it says of wrong files."""

import numpy as np
import pytest

from cislens.cli import main
from cislens.data import dataset

CHROMS = ("chrI", "chrII", "chrIII", "chrIV")


@pytest.fixture
def place(rng, tmp_path):
    """A genome of four chromosomes, peaks of two factors on chr1 to chr4, a YAML of it all."""
    lines = [f">{name}\n{''.join(rng.choice(list('ACGT'), 1500))}\n" for name in CHROMS]
    (tmp_path / "g.fa").write_text("".join(lines))
    (tmp_path / "peaks").mkdir()
    for name in ("Reb1", "Made2"):
        starts = rng.integers(0, 1450, 24)
        rows = [f"chr{i % 4 + 1}\t{start}\t{start + 1}" for i, start in enumerate(starts)]
        (tmp_path / "peaks" / f"{name}_CX.bed").write_text("\n".join(rows))
    (tmp_path / "build.yaml").write_text(
        f"genome: {tmp_path}/g.fa\n"
        f"peaks:\n  files: [{tmp_path}/peaks]\n  pattern: '*_CX.bed'\n"
        "bins:\n  width: 20\n  stride: 20\n  context: 60\n"
        "split:\n  by: chromosome\n  validation: [chr3]\n  test: [IV]\n"
        f"out: {tmp_path}/out.zarr\n"
    )
    return tmp_path


def build(place, *words):
    return main.main(["data", "build", str(place / "build.yaml"), *words])


def test_dataset_of_a_genome(place, capsys):
    assert build(place) == 0
    captured = capsys.readouterr()
    assert "sequences of 60 bp, 2 tasks" in captured.out
    told = " ".join(captured.err.split())
    assert "2 of 2 factors, 48 peaks: Made2, Reb1" in told
    assert "chr4 = chrIV" in told
    stored = dataset.open(place / "out.zarr")
    assert stored.tasks == ("Made2", "Reb1")
    assert set(stored.intervals["chrom"][stored.split == "test"]) == {"chrIV"}
    assert stored.provenance["peaks"] == {"Made2": 24, "Reb1": 24}
    assert (place / "out.zarr.yaml").exists()


def test_only_factors_with_a_motif(place):
    assert build(place, "--peaks.motif_in", "jaspar2024", "--peaks.taxon", "fungi") == 0
    assert dataset.open(place / "out.zarr").tasks == ("Reb1",)


def test_factor_without_peaks_is_left_out_and_told(place, capsys):
    (place / "peaks" / "None3_CX.bed").touch()
    assert build(place) == 0
    assert "left out: None3_CX.bed" in " ".join(capsys.readouterr().err.split())
    assert dataset.open(place / "out.zarr").tasks == ("Made2", "Reb1")


def spoil(place, name, line):
    with (place / "peaks" / name).open("a") as stream:
        stream.write(f"\n{line}\n")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("chr1\t1490\t1501", "line 25: ends at 1501, chrI has 1500 bp"),
        ("chr7\t1\t2", "chromosome 'chr7' is none of the genome"),
        ("chr1\t9\t9", "line 25: 9 to 9"),
        ("chrIV\t1\t2", "'chr4' and 'chrIV' would both be 'chrIV'"),
    ],
)
def test_wrong_interval_is_told(line, told, place, capsys):
    spoil(place, "Reb1_CX.bed", line)
    assert build(place) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert "Reb1_CX.bed" in error
    assert told in error
    assert not list(place.glob("*.zarr"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--genome=none.fa"], "none.fa: no such file"),
        (["--peaks.files=[nowhere]"], "nowhere: no such file or folder; check peaks.files"),
        (["--peaks.pattern=*.narrowPeak"], "peaks.pattern='*.narrowPeak': no such file"),
        (["--peaks.least=1000"], "none of these 1000 peaks"),
        (["--bins.context=10"], "width=20, stride=20, context=10"),
        (["--split.test=[chr9]"], "split.test: chromosome 'chr9' is none of the genome"),
        (["--split.by=given"], "split.by=given: bins of a genome"),
    ],
)
def test_wrong_option_is_told(words, told, place, capsys):
    assert build(place, *words) == 2
    assert told in capsys.readouterr().err
    assert not list(place.glob("*.zarr"))


def test_taken_place_is_told_before_anything_is_read(place, capsys):
    (place / "out.zarr").mkdir()
    assert build(place, "--genome=none.fa") == 2
    error = capsys.readouterr().err
    assert "out.zarr: exists already; add --overwrite true" in error
    assert build(place, "--genome=none.fa", "--overwrite=true") == 2
    assert "none.fa: no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--split.test=[]"], "split.by=chromosome wants split.test too: names such as [chr8"),
        (["--split.validation=[]"], "wants split.validation too: names such as [chr7]"),
        (
            ["--split.test=[]", "--split.validation=[]"],
            "split.by=chromosome wants split.validation and split.test: names such as [chr7] and",
        ),
    ],
)
def test_missing_part_of_a_split_is_named(words, told, place, capsys):
    assert build(place, *words) == 2
    assert told in capsys.readouterr().err


def test_blacklist_and_table_of_aliases(place):
    (place / "black.bed").write_text("one\t200\t900\n")
    (place / "names.tsv").write_text(
        "".join(f"chr{i}\t{name}\n" for i, name in enumerate(CHROMS, start=1)) + "one\tchrI\n"
    )
    words = [f"--exclude=[{place}/black.bed]", f"--aliases={place}/names.tsv"]
    assert build(place, *words, "--bins.negatives=100") == 0
    places = dataset.open(place / "out.zarr").intervals
    here = places[places["chrom"] == "chrI"]
    assert np.all((here["end"] <= 200) | (here["start"] >= 900))
    assert len(here) > 5


def test_windows_around_peaks_with_matched_negatives(place, capsys):
    text = (place / "build.yaml").read_text()
    windows = "windows:\n  context: 60\n  width: 10\n  matched: dinucleotide\n"
    (place / "build.yaml").write_text(
        text.replace(text[text.index("bins:") : text.index("split:")], windows)
    )
    assert build(place) == 0
    told = " ".join(capsys.readouterr().err.split())
    stored = dataset.open(place / "out.zarr")
    bound = (stored.targets == 1).any(axis=1)
    assert f"{bound.sum()} windows around peaks" in told
    assert "AUROC of GC content alone 0." in told
    assert "no dinucleotide's share is off by more than" in told
    assert bound[: bound.sum()].all()
    assert 20 < (~bound).sum() <= bound.sum()
    assert stored.provenance["windows"]["matched"] == "dinucleotide"
    assert build(place, "--overwrite=true", "--bins.width=30") == 2
    assert "bins and windows: a dataset is cut one way" in capsys.readouterr().err
    assert build(place, "--overwrite=true", "--windows.merge=5") == 2
    assert "merge=5: wants less than half of width=10" in capsys.readouterr().err


@pytest.mark.parametrize("by", ["table", "packed"])
def test_splits_by_folds(by, place, capsys):
    words = ["--split.by=folds", "--split.validation=[2]", "--split.test=[1]"]
    if by == "table":
        (place / "folds.tsv").write_text("1\t1\n2\t1\n3\t2\n4\t3\n")
        words.append(f"--split.file={place}/folds.tsv")
    assert build(place, *words, "--split.folds=3") == 0
    stored = dataset.open(place / "out.zarr")
    found = {name: set(stored.intervals["chrom"][stored.split == name]) for name in dataset.SPLITS}
    assert sum(map(len, found.values())) == 4
    if by == "table":
        assert (found["validation"], found["test"]) == ({"chrIII"}, {"chrI", "chrII"})
    words = ["--split.by=folds", "--split.validation=[2]", "--split.test=[7]", "--overwrite=true"]
    assert build(place, *words, "--split.folds=3") == 2
    assert (
        "fold '7': no sequence lies in it; those with some are 1, 2, 3" in capsys.readouterr().err
    )


def test_transcripts_with_measurements(place, capsys):
    rows = [
        ("I", 301, 500, "+"),
        ("II", 601, 900, "-"),
        ("III", 101, 200, "+"),
        ("IV", 50, 90, "+"),
    ]
    (place / "a.gff3").write_text(
        "".join(
            f"chr{chrom}\tx\tmRNA\t{start}\t{end}\t.\t{strand}\t.\tID=t{chrom}\n"
            for chrom, start, end, strand in rows
        )
    )
    (place / "t.csv").write_text("id,level\ntI,1.5\ntII,2\ntIII,3\ntIV,4\n")
    (place / "build.yaml").write_text(
        f"genome: {place}/g.fa\n"
        f"transcripts:\n  file: {place}/a.gff3\n  table: {place}/t.csv\n"
        "  target_columns: [level]\n  upstream: 60\n  downstream: 40\n"
        "split:\n  by: chromosome\n  validation: [chrII]\n  test: [chrIII]\n"
        f"out: {place}/out.zarr\n"
    )
    assert build(place) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert "4 of 4 rows of t.csv have a transcript" in told
    assert "3 windows, 1 left out: off the end, or excluded" in told
    stored = dataset.open(place / "out.zarr")
    assert stored.intervals.values.tolist() == [
        ["chrI", 240, 340, "+"], ["chrII", 860, 960, "-"], ["chrIII", 40, 140, "+"],
    ]  # fmt: skip
    assert stored.targets[:, 0].tolist() == [1.5, 2, 3]
    words = ["--overwrite=true", f"--peaks.files=[{place}/peaks]"]
    assert build(place, *words) == 2
    assert "peaks or transcripts: one of them is wanted" in capsys.readouterr().err
