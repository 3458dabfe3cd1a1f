"""Published weights, against networks laid out as their files are, on channels in their order."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import checkpoint, foreign, inference

NAMES = tuple(f"K562|factor {i}|None" for i in range(7))


class Flat(nn.Module):
    def forward(self, x):
        return x.flatten(1)


def linear(inputs, outputs):
    return nn.Sequential(nn.Identity(), nn.Linear(inputs, outputs))


def deepsea(widths, features):
    n1, n2, n3, units = widths
    return nn.Sequential(
        nn.Conv2d(4, n1, (1, 8)), nn.Threshold(0, 1e-6), nn.MaxPool2d((1, 4)), nn.Dropout(0.2),
        nn.Conv2d(n1, n2, (1, 8)), nn.Threshold(0, 1e-6), nn.MaxPool2d((1, 4)), nn.Dropout(0.2),
        nn.Conv2d(n2, n3, (1, 8)), nn.Threshold(0, 1e-6), nn.Dropout(0.5), Flat(),
        linear(features, units), nn.Threshold(0, 1e-6), linear(units, 7),
    )  # fmt: skip


class Beluga(nn.Module):
    def __init__(self, widths, features):
        super().__init__()
        n1, n2, n3, units = widths

        def pair(before, after):
            return [
                nn.Conv2d(before, after, (1, 8)), nn.ReLU(),
                nn.Conv2d(after, after, (1, 8)), nn.ReLU(),
            ]  # fmt: skip

        def rest():
            return [nn.Dropout(0.2), nn.MaxPool2d((1, 4))]

        self.model = nn.Sequential(
            nn.Sequential(*pair(4, n1), *rest(), *pair(n1, n2), *rest(), *pair(n2, n3)),
            nn.Sequential(nn.Dropout(0.5), Flat(), linear(features, units), nn.ReLU(),
                          linear(units, 7)),
        )  # fmt: skip

    def forward(self, x):
        return self.model(x)


FOREIGN = {
    "deepsea": (lambda: deepsea((16, 24, 48, 46), 48 * 53), 1000),
    "beluga": (lambda: Beluga((16, 24, 32, 100), 32 * 106), 2000),
}


def file_of(name, folder, *, prefix=""):
    torch.manual_seed(3)
    model = FOREIGN[name][0]().eval()
    path = folder / f"{name}.pth"
    torch.save({prefix + key: value for key, value in model.state_dict().items()}, path)
    return model, path


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("prefix", ["", "1.", "module."])
def test_ours_on_acgt_is_theirs_on_agct(name, prefix, tmp_path, rng):
    theirs, path = file_of(name, tmp_path, prefix=prefix)
    loaded = foreign.load(path, tasks=NAMES)
    codes = rng.integers(0, 5, (2, FOREIGN[name][1]), dtype=np.uint8)
    codes[:, 500:503] = 4  # an N is a column of zeros
    agct = np.stack([codes == "ACGTN".index(base) for base in "AGCT"], axis=1)
    with torch.no_grad():
        wanted = theirs(torch.from_numpy(agct).float()[:, :, None])
    found = inference.predict(loaded.model, codes)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert wanted.std() > 1e-3
    assert loaded.recipe.input_length == FOREIGN[name][1]
    checkpoint.save(tmp_path / "model.safetensors", loaded.model, loaded.recipe)
    again = checkpoint.load(tmp_path / "model.safetensors").model
    assert torch.equal(inference.predict(again, codes), found)


def test_order_of_channels_is_said_and_not_guessed(tmp_path):
    theirs, path = file_of("deepsea", tmp_path)
    kernel = theirs[0].weight[:, :, 0]
    for channels, order in (("AGCT", [0, 2, 1, 3]), ("ACGT", [0, 1, 2, 3]), ("TGCA", [3, 2, 1, 0])):
        model = foreign.load(path, tasks=NAMES, channels=channels).model
        assert torch.equal(model.layer1.convolution.weight, kernel[:, order])
    with pytest.raises(UserError, match="channels='AGC'"):
        foreign.load(path, tasks=NAMES, channels="AGC")


def test_files_that_fit_nothing_are_refused(tmp_path):
    _, path = file_of("deepsea", tmp_path)
    with pytest.raises(UserError, match="7 outputs; 3 names"):
        foreign.load(path, tasks=NAMES[:3])
    state = torch.load(path, weights_only=True)
    torch.save({**state, "8.weight": state["8.weight"][:, :, :, :7]}, path)
    with pytest.raises(UserError, match="another architecture or other options"):
        foreign.load(path, tasks=NAMES)
    torch.save({"weight": torch.zeros(3)}, path)
    with pytest.raises(UserError, match="no layout of DeepSEA or Beluga"):
        foreign.load(path, tasks=NAMES)
    torch.save(nn.Linear(2, 2), path)
    with pytest.raises(UserError, match="could run foreign code"):
        foreign.load(path, tasks=NAMES)


def test_full_size_shapes_are_the_published_ones():
    shapes = {
        "deepsea": {"0": (320, 4, 1, 8), "4": (480, 320, 1, 8), "8": (960, 480, 1, 8),
                    "12.1": (925, 50880), "14.1": (919, 925)},
        "beluga": {"0.0": (320, 4, 1, 8), "0.2": (320, 320, 1, 8), "0.6": (480, 320, 1, 8),
                   "0.8": (480, 480, 1, 8), "0.12": (640, 480, 1, 8), "0.14": (640, 640, 1, 8),
                   "1.2.1": (2003, 67840), "1.4.1": (2002, 2003)},
    }  # fmt: skip
    for name, layers in shapes.items():
        own = foreign.LAYOUTS[name]
        with torch.device("meta"):
            outputs = next(reversed(layers.values()))[0]
            model = foreign.spec.ARCHITECTURES[own.architecture](
                input_length=own.length, outputs=outputs
            )
        state = model.state_dict()
        assert {f"{own.layers[key]}.weight" for key in layers} == {
            key for key in state if key.endswith("weight")
        }
        for key, shape in layers.items():
            flat = tuple(n for place, n in enumerate(shape) if len(shape) == 2 or place != 2)
            assert tuple(state[f"{own.layers[key]}.weight"].shape) == flat


def test_names_of_outputs(tmp_path):
    path = tmp_path / "predictor.names"
    path.write_text("1\t8988T|DNase|None\n2\tK562|CTCF|None\n3\tK562|CTCF|None\n\n")
    assert foreign.read_names(path) == ("8988T|DNase|None", "K562|CTCF|None", "K562|CTCF|None|2")
    path.write_text("\n")
    with pytest.raises(UserError, match="no name"):
        foreign.read_names(path)
    with pytest.raises(UserError, match="no such file"):
        foreign.read_names(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("8988T|DNase|None", "DNase"),
        ("HepG2_DNase_None", "DNase"),
        ("K562|CTCF|None", "TF"),
        ("H1-hESC|TAF1|None", "TF"),
        ("NHEK|H2A.Z|None", "histone"),
        ("A549|H3K04me3|EtOH_0.02pct", "histone"),
        ("NH-A|H4K20me1|None", "histone"),
        ("HUVEC|H3K9me1|None", "histone"),
        ("H1-hESC|Pol2|None", "TF"),
    ],
)
def test_class_of_an_assay(name, kind):
    assert foreign.assay(name) == kind
