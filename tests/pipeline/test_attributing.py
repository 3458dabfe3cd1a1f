"""Maps of models on a dataset."""

import dataclasses

import numpy as np
import pytest
import yaml

from cislens import attribution
from cislens.data import dataset
from cislens.errors import UserError
from cislens.maps import store
from cislens.models import checkpoint, inference, inputs
from cislens.pipeline import attributing
from cislens.pipeline.attribute_options import Attribute
from cislens.pipeline.method_options import DeepLiftShap, ExpectedGradients, SmoothGrad
from cislens.sequence import attributions
from cislens.sequence import onehot as onehots

FEW = {
    "deeplift_shap": DeepLiftShap(shuffles=2),
    "smoothgrad": SmoothGrad(samples=2),
    "expected_gradients": ExpectedGradients(shuffles=2, samples=1),
}


def options(untrained, out, method="saliency", **more):
    few = {method: FEW[method]} if method in FEW else {}
    known = {"targets": "YY1", "block_size": 10, "models": untrained, "out": out, **few}
    return Attribute(method=method, **(known | more))


def tree(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_store_holds_what_the_method_gives(untrained, tmp_path):
    said = attributing.run(options(untrained, tmp_path, "deeplift_shap"))
    assert "relu: 24 maps by deeplift_shap of 1 target, sum rule missed by at most" in said
    maps = store.open(tmp_path / "relu" / "deeplift_shap" / "YY1.zarr")
    view = dataset.open(untrained / "task1.zarr").view("test")
    model = checkpoint.load(untrained / "models" / "relu" / "model.safetensors").model
    wanted = attribution.METHODS["deeplift_shap"](
        model,
        onehots.from_codes(view[:]),
        target=1,
        references=attribution.shuffled(2),
        rng=np.random.default_rng(0),
    )
    np.testing.assert_allclose(maps.values(), wanted.values.numpy(), atol=1e-6)
    assert np.abs(maps.deltas()).max() < 1e-5
    assert (maps.gauge, maps.header.reference) == ("hypothetical", "2 dinucleotide shuffles")
    assert np.array_equal(maps.codes(), view[:])
    np.testing.assert_allclose(maps.outputs, inference.predict(model, view)[:, 1], atol=1e-6)
    assert maps.ids == list(view.ids)
    assert maps.header.provenance.selection == "all 24 test sequences"


@pytest.mark.parametrize("method", FEW)
def test_a_random_map_does_not_depend_on_its_block(untrained, tmp_path, method):
    sizes = (24, 7)
    for size in sizes:
        attributing.run(options(untrained, tmp_path / str(size), method, block_size=size))
    one, other = (
        store.open(tmp_path / str(size) / "relu" / method / "YY1.zarr").values() for size in sizes
    )
    np.testing.assert_allclose(one, other, atol=1e-6 * np.abs(one).max(), rtol=1e-4)
    attributing.run(options(untrained, tmp_path / "seed", method, seed=1))
    third = store.open(tmp_path / "seed" / "relu" / method / "YY1.zarr").values()
    assert np.abs(one - third).max() > 1e-3 * np.abs(one).max()


def test_interrupted_it_goes_on_to_the_same_bytes(untrained, tmp_path, monkeypatch):
    chosen = options(untrained, tmp_path / "a", "smoothgrad")
    attributing.run(options(untrained, tmp_path / "whole", "smoothgrad"))
    method, calls = attribution.METHODS["smoothgrad"], []

    def dying(model, onehot, *, target, rng, samples, deviation):
        calls.append(len(onehot))
        if len(calls) == 5:
            raise KeyboardInterrupt
        return method(model, onehot, target=target, rng=rng, samples=samples, deviation=deviation)

    monkeypatch.setitem(attribution.METHODS, "smoothgrad", dying)
    with pytest.raises(KeyboardInterrupt):
        attributing.run(chosen)
    assert not (tmp_path / "a" / "relu" / "smoothgrad" / "YY1.zarr").exists()
    attributing.run(chosen)
    assert calls == [10, 10, 4, 10, 10, 10, 4]
    assert tree(tmp_path / "a" / "relu") == tree(tmp_path / "whole" / "relu")
    attributing.run(chosen)
    assert len(calls) == 7


def test_other_work_is_refused_and_left_alone(untrained, tmp_path):
    attributing.run(options(untrained, tmp_path))
    before = tree(tmp_path)
    with pytest.raises(UserError, match="was 'own' and is now 'corrected'"):
        attributing.run(options(untrained, tmp_path, gauge="corrected"))
    with pytest.raises(UserError, match="sequences was"):
        attributing.run(options(untrained, tmp_path, top=3))
    assert tree(tmp_path) == before
    attributing.run(options(untrained, tmp_path, gauge="corrected", name="corrected"))
    attributing.run(options(untrained, tmp_path, top=3, overwrite=True))
    assert len(store.open(tmp_path / "relu" / "saliency" / "YY1.zarr")) == 3
    assert store.open(tmp_path / "relu" / "corrected" / "YY1.zarr").gauge == "corrected"


def test_both_strands_and_gauges(untrained, tmp_path):
    chosen = options(untrained, tmp_path, both_strands=True, gauge="corrected", top=2)
    attributing.run(chosen)
    maps = store.open(tmp_path / "relu" / "saliency" / "YY1.zarr")
    model = checkpoint.load(untrained / "models" / "relu" / "model.safetensors").model
    onehot = onehots.from_codes(maps.codes())
    found = attribution.METHODS["saliency"](inputs.BothStrands(model), onehot, target=1)
    wanted = attributions.regauge(found, to="corrected").values
    np.testing.assert_allclose(maps.values(), wanted.numpy(), atol=1e-6)


def test_a_wrong_option_leaves_nothing_behind(untrained, tmp_path):
    with pytest.raises(UserError, match="to='taylor': cannot be had"):
        attributing.run(options(untrained, tmp_path / "out", "occlusion", gauge="taylor"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("missing", ["out", "data"])
def test_model_files_want_a_dataset_and_a_folder(untrained, tmp_path, missing):
    file = untrained / "models" / "relu" / "model.safetensors"
    known = {"out": tmp_path, "data": untrained / "task1.zarr"} | {missing: None}
    with pytest.raises(UserError, match=f"{missing}: wants a"):
        attributing.run(Attribute(models=file, **known))


def test_the_yaml_has_the_options_of_the_method_alone(untrained, tmp_path):
    attributing.run(options(untrained, tmp_path, "smoothgrad", top=1))
    written = yaml.safe_load((tmp_path / "smoothgrad.yaml").read_text())
    assert written["smoothgrad"] == dataclasses.asdict(FEW["smoothgrad"])
    assert "ism" not in written


def test_names_of_files_differ_where_tasks_do():
    names = attributing._file_names(["A|b|None", "A/b None", "CTCF", "ctcf", "..."])
    assert names == ["A_b_None.0", "A_b_None.1", "CTCF.2", "ctcf.3", "_"]
