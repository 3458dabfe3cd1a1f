import h5py
import numpy as np
import pytest
from scipy import io

from cislens.data import _part, bundle
from cislens.errors import UserError
from cislens.sequence import alphabet

SPLITS = ("train", "valid", "test")
CODES = {"train": 9, "valid": 4, "test": 6}


@pytest.fixture
def rows(rng):
    return {
        split: (
            rng.integers(0, 5, (n, 11)).astype(np.uint8),
            rng.integers(0, 2, (n, 3)).astype(np.float32),
        )
        for split, n in CODES.items()
    }


def onehot(codes, channels="ACGT"):
    """(rows, 4, length), the slow way."""
    result = np.zeros((len(codes), 4, codes.shape[1]), np.float32)
    for row, position in np.ndindex(*codes.shape):
        if codes[row, position] < 4:
            result[row, channels.index("ACGT"[codes[row, position]]), position] = 1
    return result


def write(path, arrays):
    with h5py.File(path, "w") as file:
        for key, value in arrays.items():
            file[key] = value
    return path


def koo(rows, arrange=lambda x: x, case=str.upper):
    arrays = {}
    for split, (codes, targets) in rows.items():
        arrays[f"{case('x')}_{split}"] = arrange(onehot(codes))
        arrays[f"{case('y')}_{split}"] = targets
    return arrays


def check_equal(path, rows, layout="auto"):
    with bundle.open_parts(path, layout=layout) as opened:
        names = {"train": "train", "validation": "valid", "test": "test"}
        assert [part.split for part in opened.parts] == list(names)
        for part in opened.parts:
            codes, targets = rows[names[part.split]]
            starts, blocks, values = zip(*part.blocks(), strict=True)
            assert (len(part), part.length, part.tasks) == (len(codes), 11, 3)
            assert list(starts) == np.cumsum([0, *map(len, blocks)])[:-1].tolist()
            np.testing.assert_array_equal(np.concatenate(blocks), codes)
            np.testing.assert_array_equal(np.concatenate(values), targets)
        return opened.layout, opened.task_names, opened.facts()


@pytest.fixture(params=[1, 10**6], ids=["many blocks", "one block"])
def _blocks(request, monkeypatch):
    monkeypatch.setattr(_part, "BLOCK_BYTES", request.param)


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize(
    "arrange",
    [
        lambda x: x,
        lambda x: x.transpose(0, 2, 1),
        lambda x: x[..., None],
        lambda x: x.transpose(0, 2, 1)[..., None],
        lambda x: x[:, :, None],
        lambda x: x.astype(np.int8),
    ],
    ids=["N4L", "NL4", "N4L1", "NL41", "N41L", "int8"],
)
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_koo(tmp_path, rows, arrange, case):
    path = write(tmp_path / "x.h5", koo(rows, arrange, case))
    layout, names, facts = check_equal(path, rows)
    assert (layout, names) == ("koo", ())
    assert facts["channels_in_file"] == "ACGT"


def test_koo_as_npz(tmp_path, rows):
    np.savez(tmp_path / "x.npz", **koo(rows))
    assert check_equal(tmp_path / "x.npz", rows)[0] == "koo"


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("arrange", [lambda x: x, lambda x: x[:, :, None]], ids=["N4L", "N41L"])
def test_basset(tmp_path, rows, arrange):
    arrays = {"target_labels": np.array([b"liver", b"heart", b"brain"])}
    for split, (codes, targets) in rows.items():
        arrays |= {f"{split}_in": arrange(onehot(codes)), f"{split}_out": targets}
    layout, names, _ = check_equal(write(tmp_path / "er.h5", arrays), rows)
    assert (layout, names) == ("basset", ("liver", "heart", "brain"))


@pytest.mark.usefixtures("_blocks")
def test_deepsea(tmp_path, rows):
    """As published: train in HDF5 with reversed axes, the others in MATLAB 5, channels A G C T."""
    for split, (codes, targets) in rows.items():
        sequences = onehot(codes, "AGCT").astype(np.uint8)
        labels = targets.astype(np.uint8)
        if split == "train":
            arrays = {"trainxdata": sequences.transpose(2, 1, 0), "traindata": labels.T}
            write(tmp_path / "train.mat", arrays)
        else:
            arrays = {f"{split}xdata": sequences, f"{split}data": labels}
            io.savemat(tmp_path / f"{split}.mat", arrays)
    layout, _, facts = check_equal(tmp_path, rows)
    assert (layout, facts["channels_in_file"]) == ("deepsea", "AGCT")
    assert set(facts["second_half_is_reverse_complement"].values()) == {False}


def test_matlab_73_header_is_read(tmp_path, rows):
    """MATLAB puts 512 bytes of text before the HDF5 contents."""
    codes, targets = rows["train"]
    path = tmp_path / "train.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["trainxdata"] = onehot(codes, "AGCT").transpose(2, 1, 0)
        file["traindata"] = targets.T
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file")
    with bundle.open_parts(path) as opened:
        np.testing.assert_array_equal(opened.parts[0].codes(0, 9), codes)


def test_second_half_of_reverse_complements_is_noticed(tmp_path, rows):
    codes, targets = rows["valid"]
    both = np.concatenate([codes, alphabet.reverse_complement(codes)])
    arrays = {
        "validxdata": onehot(both, "AGCT").astype(np.uint8),
        "validdata": np.tile(targets, (2, 1)),
    }
    io.savemat(tmp_path / "valid.mat", arrays)
    with bundle.open_parts(tmp_path / "valid.mat") as opened:
        assert opened.facts()["second_half_is_reverse_complement"] == {"validation": True}
        np.testing.assert_array_equal(opened.parts[0].codes(0, 8), both)


def test_large_files_are_read_in_blocks(tmp_path, rows, monkeypatch):
    monkeypatch.setattr(_part, "BLOCK_BYTES", 4 * 4 * 11 * 2)
    with bundle.open_parts(write(tmp_path / "x.h5", koo(rows))) as opened:
        assert [len(codes) for _, codes, _ in opened.parts[0].blocks()] == [2, 2, 2, 2, 1]


def test_blocks_hold_whole_chunks_of_the_file(tmp_path, rows, monkeypatch):
    monkeypatch.setattr(_part, "BLOCK_BYTES", 1)
    codes, targets = rows["train"]
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("x_train", data=onehot(codes), chunks=(4, 2, 5))
        file["y_train"] = targets
    with bundle.open_parts(tmp_path / "x.h5") as opened:
        assert [len(block) for _, block, _ in opened.parts[0].blocks()] == [4, 4, 1]


def spoil(**changes):
    def change(arrays):
        arrays |= {key: value for key, value in changes.items() if value is not None}
        return {key: value for key, value in arrays.items() if changes.get(key, 0) is not None}

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (spoil(y_train=None), r"x\.h5: x_train has no targets beside it; Y_train is wanted"),
        (spoil(y_test=np.zeros((5, 3))), r"x\.h5: x_test has 6 rows, its targets have 5"),
        (
            spoil(y_test=np.zeros((6, 2))),
            r"x_valid has 11 bp and 3 tasks, x_test 11 bp and 2 tasks",
        ),
        (spoil(x_test=np.zeros((6, 4, 8))), r"x_valid has 11 bp .*, x_test 8 bp"),
        (spoil(x_test=np.zeros((6, 4, 4))), r"x_test has shape \(6, 4, 4\): which axis holds the"),
        (spoil(x_test=np.zeros((6, 5, 11))), r"x_test has shape \(6, 5, 11\); \(rows, 4, length\)"),
        (spoil(x_test=np.zeros((6, 44))), r"x_test has shape \(6, 44\); \(rows, 4, length\)"),
        (
            spoil(x_val=np.zeros((4, 4, 11)), y_val=np.zeros((4, 3))),
            "x_val and x_valid are both validation|x_valid and x_val are both validation",
        ),
        (
            spoil(train_in=np.zeros((4, 4, 11)), train_out=np.zeros((4, 3))),
            "keys of koo and basset; keys are",
        ),
    ],
)
def test_faults_of_shape(tmp_path, rows, change, message):
    path = write(tmp_path / "x.h5", change(koo(rows, case=str.lower)))
    with pytest.raises(UserError, match=message), bundle.open_parts(path):
        pass


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("column", [[1, 1, 0, 0], [0.5, 0.5, 0, 0], [2, 0, 0, 0], [-1, 1, 1, 0]])
def test_columns_that_are_not_onehot(tmp_path, rows, column):
    arrays = koo(rows)
    arrays["X_valid"][3, :, 7] = column
    path = write(tmp_path / "x.h5", arrays)
    message = r"x\.h5: X_valid, row 3, position 7 holds"
    with bundle.open_parts(path) as opened, pytest.raises(UserError, match=message):
        list(opened.parts[1].blocks())


def test_unknown_keys(tmp_path):
    path = write(tmp_path / "x.h5", {"sequences": np.zeros(3)})
    message = (
        r"no known layout; keys are sequences; known layouts: koo has X_train and Y_train; bas"
    )
    with pytest.raises(UserError, match=message), bundle.open_parts(path):
        pass


def test_unknown_layout(tmp_path, rows):
    path = write(tmp_path / "x.h5", koo(rows))
    with (
        pytest.raises(UserError, match="layout='kooo': known are auto, koo, basset, deepsea"),
        bundle.open_parts(path, layout="kooo"),
    ):
        pass
    with (
        pytest.raises(UserError, match="no arrays of the layout basset; keys are X_test"),
        bundle.open_parts(path, layout="basset"),
    ):
        pass


def test_deepsea_that_reads_both_ways(tmp_path):
    arrays = {"trainxdata": np.zeros((5, 4, 5), np.uint8), "traindata": np.zeros((5, 5), np.uint8)}
    path = write(tmp_path / "train.mat", arrays)
    with pytest.raises(UserError, match="forwards and reversed"), bundle.open_parts(path):
        pass


def test_deepsea_of_another_shape(tmp_path):
    arrays = {"trainxdata": np.zeros((5, 3, 7), np.uint8), "traindata": np.zeros((5, 2), np.uint8)}
    path = write(tmp_path / "train.mat", arrays)
    with pytest.raises(UserError, match="the layout deepsea wants"), bundle.open_parts(path):
        pass


@pytest.mark.parametrize("content", [b"", b"rubbish" * 100, b"\x89HDF\r\n\x1a\n"])
def test_damaged_file(tmp_path, content):
    (tmp_path / "x.h5").write_bytes(content)
    with (
        pytest.raises(UserError, match=r"x\.h5: this is no complete HDF5, NPZ or MATLAB file"),
        bundle.open_parts(tmp_path / "x.h5"),
    ):
        pass


def test_file_cut_short(tmp_path, rows):
    path = write(tmp_path / "x.h5", koo(rows))
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UserError, match="this is no complete HDF5"), bundle.open_parts(path):
        pass


def test_damage_inside_an_array(tmp_path, rng):
    path = tmp_path / "x.h5"
    sequences = np.eye(4)[rng.integers(0, 4, (50, 200))].transpose(0, 2, 1)
    with h5py.File(path, "w") as file:
        stored = file.create_dataset("x_train", data=sequences, chunks=True, compression="gzip")
        chunk = stored.id.get_chunk_info(0)
        file["y_train"] = np.zeros((50, 1))
    with path.open("r+b") as file:
        file.seek(chunk.byte_offset)
        file.write(b"\xff" * chunk.size)
    with (
        bundle.open_parts(path) as opened,
        pytest.raises(UserError, match=r"x\.h5: x_train, rows 0 to 50 cannot be read; copy"),
    ):
        list(opened.parts[0].blocks())


def test_missing_file(tmp_path):
    with (
        pytest.raises(UserError, match="no such file, or a folder without"),
        bundle.open_parts(tmp_path / "x.h5"),
    ):
        pass


def test_irf1(real_data):
    with bundle.open_parts(real_data / "chip" / "IRF1_400_h3k27ac.h5") as opened:
        found = {}
        for part in opened.parts:
            targets = np.concatenate([targets for _, _, targets in part.blocks()])
            found[part.split] = (len(part), int(targets.sum()))
    assert found == {"train": (2724, 1372), "validation": (389, 200), "test": (779, 374)}
