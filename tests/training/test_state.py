"""State files are whole, safe to read, and of one fit only."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.training import state


def test_saved_state_comes_back(tmp_path):
    state.save(tmp_path, {"identity": {"seed": 1}, "weights": {"w": torch.ones(2)}})
    state.save(tmp_path, {"identity": {"seed": 1}, "weights": {"w": torch.zeros(2)}})
    assert state.load(tmp_path, identity={"seed": 1})["weights"]["w"].tolist() == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == [state.FILE_NAME]


def test_no_state_is_none_and_discard_makes_it_so(tmp_path):
    state.discard(tmp_path)
    state.save(tmp_path, {"identity": {}})
    state.discard(tmp_path)
    assert state.load(tmp_path, identity={}) is None


def test_state_of_another_fit_is_refused(tmp_path):
    state.save(tmp_path, {"identity": {"seed": 1}})
    with pytest.raises(UserError, match="a fit with seed=1, this one has 2"):
        state.load(tmp_path, identity={"seed": 2})


class Payload:
    def __reduce__(self):
        return (print, ("run",))


@pytest.mark.parametrize("damage", ["cut", "code", "text", "empty", "other"])
def test_damaged_and_dangerous_files_are_refused(tmp_path, damage, capsys):
    path = tmp_path / state.FILE_NAME
    state.save(tmp_path, {"identity": {}, "weights": torch.ones(1000)})
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif damage == "code":
        torch.save({"identity": {}, "weights": Payload()}, path)
    elif damage == "other":
        torch.save([1, 2], path)
    else:
        path.write_text("not a state" if damage == "text" else "")
    with pytest.raises(UserError, match=r"fit\.pt: not the state of a fit, or damaged"):
        state.load(tmp_path, identity={})
    assert capsys.readouterr().out == ""


def test_fingerprint_knows_structure_and_data_but_not_weights(make_dataset, rng):
    targets = rng.integers(2, size=(20, 1)).astype(np.float32)
    codes = rng.integers(4, size=(20, 20), dtype=np.uint8)
    train, validation = make_dataset(targets, codes=codes)
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    print_of = state.fingerprint(model, train, validation)
    assert (
        state.fingerprint(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), train, validation) == print_of
    )
    assert (
        state.fingerprint(nn.Sequential(nn.Linear(2, 2), nn.ELU()), train, validation) != print_of
    )
    other_targets, _ = make_dataset(1 - targets, codes=codes)
    other_codes, _ = make_dataset(targets)
    assert state.fingerprint(model, other_targets, validation)["train"] != print_of["train"]
    assert state.fingerprint(model, other_codes, validation)["train"] != print_of["train"]
