"""Arrays streamed into NPZ files."""

import zipfile

import numpy as np
import pytest

from cislens.sequence import npz


@pytest.mark.parametrize("compressed", [True, False])
def test_numpy_reads_what_was_streamed(tmp_path, rng, compressed):
    whole = rng.standard_normal((7, 4, 3)).astype(np.float32)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        blocks = (whole[i : i + 3] for i in range(0, 7, 3))
        npz.stream(archive, "arr_0", shape=whole.shape, blocks=blocks, compressed=compressed)
    with np.load(tmp_path / "a.npz") as read:
        assert read.files == ["arr_0"]
        assert read["arr_0"].dtype == np.float32
        assert np.array_equal(read["arr_0"], whole)
