import itertools

import h5py
import numpy as np
import pytest

from cislens.data import _stream, build, dataset, fasta, splits, table
from cislens.data.encoding import Encoding
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, RNA

HALVES = splits.ByFraction(0.5, 0.25, 0.25)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out.zarr"


@pytest.fixture
def peaks(tmp_path, rng):
    """A FASTA file of 40 peaks of 30 bp on four chromosomes."""

    def write(n=40, name="peaks.fa", length=30):
        texts = [DNA.decode(rng.integers(0, 4, length).astype(np.uint8)) for _ in range(n)]
        path = tmp_path / name
        fasta.write(
            path,
            [
                (f"chr{i % 4}:{i}-{i + length}", t.lower() if i % 2 else t)
                for i, t in enumerate(texts)
            ],
        )
        return path, texts

    return write


def texts_of(view):
    return [view.dataset.alphabet.decode(codes) for codes in view[:]]


@pytest.mark.parametrize("block", [3, 1024])
def test_shuffled_negatives(peaks, out, monkeypatch, block):
    monkeypatch.setattr(_stream, "BLOCK", block)
    path, texts = peaks()
    plan = splits.ByChromosome(["chr1"], ["chr2"])
    build.from_fasta(path, out, negatives="dinucleotide-shuffle", split=plan, task="CTCF")
    stored = dataset.open(out)
    positive = stored.targets[:, 0] == 1
    assert (stored.tasks, stored.target_kind, len(stored)) == (("CTCF",), "binary", 80)
    everything = np.array(texts_of(stored.view()))
    assert everything[positive].tolist() == texts
    originals = dict(zip(stored.ids[positive], everything[positive], strict=True))
    split_of = dict(zip(stored.ids[positive], stored.split[positive], strict=True))

    def pairs(text):
        return sorted(map("".join, itertools.pairwise(text)))

    for row in np.flatnonzero(~positive):
        original = stored.ids[row].removesuffix("_shuffled")
        assert pairs(everything[row]) == pairs(originals[original])
        assert everything[row] != originals[original]
        assert stored.split[row] == split_of[original]
    chrom = stored.intervals["chrom"]
    assert set(chrom[~positive]) == {""}
    assert set(chrom[positive & (stored.split == "validation")]) == {"chr1"}
    assert set(chrom[positive & (stored.split == "test")]) == {"chr2"}
    assert stored.provenance["negatives"] == "dinucleotide-shuffle"


def test_negatives_of_a_file(peaks, out):
    (positives, first), (negatives, second) = peaks(), peaks(n=20, name="negatives.fa")
    build.from_fasta(positives, out, negatives=negatives, split=HALVES)
    stored = dataset.open(out)
    assert texts_of(stored.view()) == first + second
    assert stored.targets[:, 0].tolist() == [1] * 40 + [0] * 20
    assert [len(stored.view(split)) for split in splits.SPLITS] == [30, 15, 15]


def test_classes_in_headers(tmp_path, out):
    (tmp_path / "x.fa").write_text(
        "> chr1,+,11,14; class:0\nAC\nGU\n> chr2,-,20,24; class:1\nuuuu\n>x class:1\nNNNN\n"
        ">y class:0\nACGT\n"
    )
    build.from_fasta(tmp_path / "x.fa", out, split=HALVES, encoding=Encoding(RNA))
    stored = dataset.open(out)
    assert stored.targets[:, 0].tolist() == [0, 1, 1, 0]
    assert texts_of(stored.view()) == ["ACGU", "UUUU", "NNNN", "ACGU"]
    # The first header counts both ends in, the second does not: their lengths tell.
    assert stored.intervals["start"].tolist() == [10, 20, -1, -1]
    assert stored.intervals["end"].tolist() == [14, 24, -1, -1]
    assert stored.intervals["strand"].tolist() == ["+", "-", ".", "."]


def test_length_cuts_sequence_and_interval(tmp_path, out):
    (tmp_path / "x.fa").write_text(
        ">chr1:10-15(+) class:1\nACGTA\n>chr1:10-15(-) class:0\nACGTA\n"
        ">chr9:1-99 class:1\nTCGT\n>y class:1\nCGT\n"
    )
    build.from_fasta(tmp_path / "x.fa", out, split=HALVES, encoding=Encoding(length=3))
    stored = dataset.open(out)
    assert texts_of(stored.view()) == ["CGT", "CGT", "TCG", "CGT"]
    assert stored.intervals.to_numpy().tolist() == [
        ["chr1", 11, 14, "+"],
        ["chr1", 11, 14, "-"],
        ["chr9", -1, -1, "."],
        ["", -1, -1, "."],
    ]
    assert stored.provenance["coordinates_dropped"] == 1


def test_same_seed_same_dataset(peaks, tmp_path):
    path, _ = peaks()

    def build_with(seed, name):
        out = tmp_path / name
        build.from_fasta(path, out, negatives="dinucleotide-shuffle", split=HALVES, seed=seed)
        stored = dataset.open(out)
        return stored.view()[:].tolist(), stored.split.tolist()

    first, again, other = build_with(1, "a"), build_with(1, "b"), build_with(2, "c")
    assert first == again
    assert first[0] != other[0]
    assert first[1] != other[1]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (
            ">a class:1\nACGT\n>b class:0\nACG\n",
            {},
            r"x\.fa, line 3: sequence 'b' has 3 bp, the first \(.*x\.fa, line 1\) has 4; "
            "all want one length: give length=3",
        ),
        (
            ">a class:1\nACG\n>b class:0\nACGT\n",
            {},
            r"x\.fa, line 3: sequence 'b' has 4 bp, the first .* give length=3",
        ),
        (
            ">a class:1\nACGT\n>b class:0\nAC\n",
            {"encoding": Encoding(length=3)},
            r"x\.fa, line 3: sequence 'b' has 2 bp, at least length=3 is wanted; remove it or",
        ),
        (">a class:1\nACGT\n>b class:0\nAC\nGU\n", {}, r"x\.fa, line 3: .*'?U'?"),
        (">a class:1\nACGT\n>b\nACGT\n", {}, r"x\.fa, line 3: header 'b' says no class"),
        (
            ">chr1:0-4 class:1\nACGT\n>b class:0\nACGT\n",
            {"split": splits.ByChromosome(["chr1"], ["chr2"])},
            r"x\.fa, line 3: no chromosome is known",
        ),
        (
            ">chr1:0-4 class:1\nACGT\n>chr3:0-4 class:0\nACGT\n",
            {"split": splits.ByChromosome(["chr1"], ["chr2"])},
            "chromosome 'chr2': present are chr1, chr3",
        ),
        (">a class:1\nACGT\n", {}, "1 sequences leave none for"),
        ("", {}, r"x\.fa: the file holds no record"),
    ],
)
def test_faults_of_fasta(tmp_path, out, content, options, message):
    (tmp_path / "x.fa").write_text(content)
    with pytest.raises(UserError, match=message):
        build.from_fasta(tmp_path / "x.fa", out, **options)
    assert [path.name for path in tmp_path.iterdir()] == ["x.fa"]


def test_ambiguous_letters_become_n_when_asked(tmp_path, out):
    (tmp_path / "x.fa").write_text(">a class:1\nACRT\n>b class:0\nACGT\n")
    plan = splits.ByFraction(1.0, 0.0, 0.0)
    with pytest.raises(UserError, match=r"x\.fa, line 1: .*R"):
        build.from_fasta(tmp_path / "x.fa", out, split=plan)
    encoding = Encoding(ambiguous="n")
    build.from_fasta(tmp_path / "x.fa", out, split=plan, encoding=encoding)
    assert texts_of(dataset.open(out).view()) == ["ACNT", "ACGT"]


def test_fasta_is_streamed(tmp_path, out, monkeypatch):
    """No more than one block of records is alive at once."""
    monkeypatch.setattr(_stream, "BLOCK", 5)
    path = tmp_path / "x.fa"
    fasta.write(path, ((f"x{i} class:{i % 2}", "ACGT") for i in range(60)))
    read, written, waiting = 0, 0, []
    records = fasta.records

    def counting(source):
        nonlocal read
        for record in records(source):
            read += 1
            waiting.append(read - written)
            yield record

    monkeypatch.setattr(fasta, "records", counting)
    original = _stream._append

    def noting(writer, block, codes):
        nonlocal written
        written += len(block)
        original(writer, block, codes)

    monkeypatch.setattr(_stream, "_append", noting)
    build.from_fasta(path, out)
    assert written == 60
    assert max(waiting) <= 5


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        (["0", "1", "NA", "1"], None, "binary"),
        (["0", "1", "2", "1"], None, "continuous"),
        (["0", "1", "2", "1"], "count", "count"),
        (["0", "1", "0", "1"], "continuous", "continuous"),
    ],
)
def test_kind_of_targets(tmp_path, out, values, kind, found):
    lines = "".join(f"ACGT,{value}\n" for value in values)
    (tmp_path / "x.csv").write_text(f"sequence,y\n{lines}")
    columns = table.Columns(targets=["y"])
    build.from_table(tmp_path / "x.csv", out, columns=columns, split=HALVES, target_kind=kind)
    assert dataset.open(out).target_kind == found


def test_table_by_column_and_chromosome(tmp_path, out):
    (tmp_path / "x.csv").write_text(
        "sequence,y,c,f,t,set\nACGT,1,1,0,4,train\nACGA,0.5,2,0,4,val\nACGC,NA,3,1,4,test\n"
    )
    columns = table.Columns(targets=["y"], chrom="c", start="f", end="t")
    for plan in (splits.ByColumn("set"), splits.ByChromosome(["2"], ["3"])):
        build.from_table(tmp_path / "x.csv", out, columns=columns, split=plan, overwrite=True)
        stored = dataset.open(out)
        assert stored.split.tolist() == ["train", "validation", "test"]
        np.testing.assert_array_equal(stored.targets[:, 0], [1, 0.5, np.nan])
        assert stored.intervals["start"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("binary", "0.5", r"x\.csv, line 3: y=0.5; binary targets are 0 or 1"),
        ("count", "-1", r"x\.csv, line 3: y=-1; count targets are whole numbers from 0"),
        ("counts", "1", "target_kind='counts': known are"),
    ],
)
def test_targets_not_of_the_kind(tmp_path, out, kind, value, message):
    (tmp_path / "x.csv").write_text(f"sequence,y\nACGT,1\nACGT,{value}\n")
    with pytest.raises(UserError, match=message):
        build.from_table(
            tmp_path / "x.csv", out, columns=table.Columns(targets=["y"]), target_kind=kind
        )
    assert not out.exists()


@pytest.fixture
def koo(tmp_path, rng):
    def write(tasks=2, positions=6):
        path = tmp_path / "GABPA.h5"
        codes = rng.integers(0, 4, (8, positions))
        with h5py.File(path, "w") as file:
            for key in ("train", "valid", "test"):
                file[f"x_{key}"] = np.eye(4)[codes].transpose(0, 2, 1)
                file[f"y_{key}"] = rng.integers(0, 2, (8, tasks))
        return path, codes

    return write


def test_bundle(koo, out):
    path, codes = koo()
    build.from_bundle(path, out)
    stored = dataset.open(out)
    np.testing.assert_array_equal(stored.view("validation")[:], codes)
    assert (stored.tasks, stored.target_kind) == (("task_0", "task_1"), "binary")
    assert stored.ids[8] == "validation_0"
    assert stored.provenance["layout"] == "koo"


def test_names_of_tasks(koo, out):
    path, _ = koo(tasks=1)
    build.from_bundle(path, out)
    assert dataset.open(out).tasks == ("GABPA",)
    build.from_bundle(path, out, tasks=["bound"], overwrite=True)
    assert dataset.open(out).tasks == ("bound",)
    with pytest.raises(UserError, match="got 2 names for 1 tasks"):
        build.from_bundle(path, out, tasks=["a", "b"], overwrite=True)


def test_fault_in_the_last_split_leaves_nothing(koo, out):
    path, _ = koo()
    with h5py.File(path, "a") as file:
        file["x_test"][7, :, 5] = 1
    with pytest.raises(UserError, match="x_test, row 7, position 5"):
        build.from_bundle(path, out)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_irf1(real_data, out):
    build.from_bundle(real_data / "chip" / "IRF1_400_h3k27ac.h5", out)
    stored = dataset.open(out)
    views = [stored.view(split) for split in splits.SPLITS]
    assert [len(view) for view in views] == [2724, 389, 779]
    assert [int(view.targets.sum()) for view in views] == [1372, 200, 374]
    assert (stored.length, stored.target_kind) == (400, "binary")


def test_ctcf_by_chromosome(real_data, out):
    build.from_fasta(
        real_data / "chip" / "CTCF_100.fa.gz",
        out,
        negatives="dinucleotide-shuffle",
        split=splits.ByChromosome(["chr7"], ["chr8", "chr9"]),
    )
    stored = dataset.open(out)
    assert len(stored) == 2 * 39_184
    for split in splits.SPLITS:
        assert stored.view(split).targets.mean() == 0.5


def test_pum2_classes(real_data, out):
    build.from_fasta(real_data / "rna" / "PUM2_parclip_test.fa.gz", out)
    stored = dataset.open(out)
    assert (len(stored), stored.length, stored.targets.sum()) == (10_000, 101, 2_000)
    assert (stored.intervals["end"] - stored.intervals["start"] == 101).all()


def test_jores_promoters(real_data, out):
    columns = table.Columns(targets=["enrichment"], id="gene")
    path = real_data / "mpra" / "jores2021_leaf.tsv"
    build.from_table(path, out, columns=columns)
    stored = dataset.open(out)
    assert (len(stored), stored.length, stored.target_kind) == (7154, 170, "continuous")
    with pytest.raises(UserError, match="the column holds only test"):
        build.from_table(path, out, columns=columns, split=splits.ByColumn("set"), overwrite=True)


def test_deepstarr_coordinates(real_data, out):
    columns = table.Columns(
        "Sequence",
        ["Dev_log2_enrichment", "Hk_log2_enrichment"],
        id="ID",
        chrom="seqnames",
        start="start",
        end="end",
    )
    build.from_table(real_data / "mpra" / "deepstarr_sample_test.tsv", out, columns=columns)
    intervals = dataset.open(out).intervals
    assert (intervals["end"] - intervals["start"] == 249).all()


def test_columns_of_a_bundle_keep_rows_that_have_one(tmp_path, out, rng):
    codes = {split: rng.integers(0, 4, (30, 12)) for split in ("train", "valid", "test")}
    targets = {split: (rng.random((30, 5)) < 0.3).astype(np.float32) for split in codes}
    path = tmp_path / "bundle.h5"
    with h5py.File(path, "w") as file:
        for split, rows in codes.items():
            file[f"X_{split}"] = np.eye(4)[rows].transpose(0, 2, 1)
            file[f"Y_{split}"] = targets[split]
    build.from_bundle(path, out, columns=[4, 1], tasks=["e", "b"], target_kind="binary")
    stored = dataset.open(out)
    assert stored.tasks == ("e", "b")
    for name, split in (("train", "train"), ("validation", "valid"), ("test", "test")):
        kept = np.flatnonzero(targets[split][:, [4, 1]].any(axis=1))
        assert 0 < len(kept) < 30
        view = stored.view(name)
        assert np.array_equal(view[:], codes[split][kept])
        assert np.array_equal(view.targets, targets[split][kept][:, [4, 1]])
        assert list(view.ids) == [f"{name}_{row}" for row in kept]
    with pytest.raises(UserError, match="columns: 5"):
        build.from_bundle(path, out, columns=[1, 5], overwrite=True)
    with pytest.raises(UserError, match="got 1 names for 2 tasks"):
        build.from_bundle(path, out, columns=[1, 2], tasks=["a"], overwrite=True)
