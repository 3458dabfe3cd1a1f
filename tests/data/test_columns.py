import numpy as np
import pytest
import zarr

from cislens.data import columns


@pytest.mark.parametrize("batch", [1, 3, 4, 100])
@pytest.mark.parametrize("n", [1, 4, 10])
def test_batches_of_any_size_give_one_array(tmp_path, rng, monkeypatch, n, batch):
    monkeypatch.setattr(columns, "CHUNK_BYTES", 4 * 3)
    values = rng.integers(0, 5, (n, 3)).astype(np.uint8)
    group = zarr.open_group(tmp_path / "x.zarr", mode="w", zarr_format=3)
    column = columns.Column(group, "a", np.uint8, row_shape=(3,), compressed=False)
    for start in range(0, n, batch):
        column.append(values[start : start + batch])
    assert len(column) == n
    column.close()
    np.testing.assert_array_equal(group["a"][:], values)
    assert group["a"].chunks[0] == min(n, 4)


def test_memory_does_not_grow_with_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK_BYTES", 1000)
    group = zarr.open_group(tmp_path / "x.zarr", mode="w", zarr_format=3)
    column = columns.Column(group, "a", np.uint8, row_shape=(10,))
    for _ in range(20):
        column.append(np.ones((50, 10), np.uint8))
        assert column._buffer.nbytes == 1000
    column.close()
    assert group["a"].shape == (1000, 10)


def test_chunks_of_zeros_are_files(tmp_path):
    group = zarr.open_group(tmp_path / "x.zarr", mode="w", zarr_format=3)
    column = columns.Column(group, "a", np.uint8, compressed=False)
    column.append(np.zeros(5, np.uint8))
    column.close()
    assert (tmp_path / "x.zarr" / "a" / "c" / "0").stat().st_size == 5
