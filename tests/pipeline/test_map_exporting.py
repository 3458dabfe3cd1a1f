"""Formats beside stores."""

import pytest

from cislens.data import dataset
from cislens.errors import UserError
from cislens.pipeline import attributing, map_exporting
from cislens.pipeline.attribute_options import Attribute


def test_files_stand_beside_their_store(untrained, tmp_path):
    chosen = Attribute(
        method="saliency", models=untrained, out=tmp_path, targets="YY1", top=2,
        formats=["npz", "hdf5", "npz"],
    )  # fmt: skip
    attributing.run(chosen)
    folder = tmp_path / "relu" / "saliency"
    names = ["YY1.h5", "YY1.ohe.npz", "YY1.shap.npz"]
    beside = ["YY1.localisation.csv", "YY1.zarr"]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names, *beside])
    (folder / "YY1.h5").write_bytes(b"old")
    written = map_exporting.write(chosen, folder / "YY1.zarr")
    assert sorted(path.name for path in written) == names
    assert (folder / "YY1.h5").stat().st_size > 1000


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"formats": "bigwig"}, "bigwig wants intervals"),
        ({"formats": ["bedgraph"]}, "bedgraph wants intervals"),
        ({"formats": "npz", "method": "occlusion"}, "occlusion gives those of the sequence"),
        ({"formats": "hdf5", "method": "saliency", "gauge": "projected"}, "in its own gauge"),
    ],
)
def test_what_cannot_be_is_refused_at_once(untrained, options, said):
    stored = dataset.open(untrained / "task1.zarr")
    with pytest.raises(UserError, match=said):
        map_exporting.check(Attribute(**options), stored)
