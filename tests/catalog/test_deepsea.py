"""The DeepSEA bundle, from an archive of the same layout to a dataset."""

import io
import tarfile

import h5py
import numpy as np
import scipy.io

from cislens.catalog import deepsea
from cislens.data import build, dataset

AGCT = (0, 2, 1, 3)


def archive(path, rng):
    """Rows of every split, as the files hold them, and the codes and labels that they mean."""
    truth = {}
    with tarfile.open(path, "w:gz") as tar:
        for split, rows in (("train", 8), ("valid", 4), ("test", 6)):
            codes = rng.integers(0, 4, (rows, 40)).astype(np.uint8)
            labels = rng.integers(0, 2, (rows, 5)).astype(np.uint8)
            onehot = np.eye(4, dtype=np.uint8)[codes].transpose(0, 2, 1)[:, AGCT]
            arrays = {f"{split}xdata": onehot, f"{split}data": labels}
            stream = io.BytesIO()
            if split == "train":  # MATLAB 7.3 is HDF5 with its axes reversed
                with h5py.File(stream, "w") as file:
                    for name, values in arrays.items():
                        file[name] = values.T
            else:
                scipy.io.savemat(stream, arrays)
            info = tarfile.TarInfo(f"deepsea_train/{split}.mat")
            info.size = len(stream.getvalue())
            stream.seek(0)
            tar.addfile(info, stream)
            truth[split] = codes, labels
    return truth


def test_archive_becomes_a_dataset(tmp_path, rng):
    truth = archive(tmp_path / deepsea.ARCHIVE, rng)
    deepsea.prepare(tmp_path, None)
    build.from_bundle(tmp_path / "mat", tmp_path / "d.zarr")
    stored = dataset.open(tmp_path / "d.zarr")
    for split, name in (("train", "train"), ("valid", "validation"), ("test", "test")):
        view = stored.view(name)
        codes, labels = truth[split]
        np.testing.assert_array_equal(view[:], codes)
        np.testing.assert_array_equal(view.targets, labels)
