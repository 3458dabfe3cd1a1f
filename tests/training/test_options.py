"""Fit options refuse what no fit can have, and show on the command line."""

import dataclasses
import subprocess
import sys

import jsonargparse
import pytest

from cislens.errors import UserError
from cislens.training.options import FitOptions


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("batch_size", 0),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("learning_rate", float("inf")),
        ("adam_epsilon", 0.0),
        ("l2", -1e-6),
        ("decay_factor", 0.0),
        ("decay_factor", 1.5),
        ("decay_patience", 0),
        ("minimum_learning_rate", -1.0),
        ("stop_patience", 0),
        ("devices", 0),
        ("reverse_complement", 1.1),
        ("shift", -1),
        ("negatives", 0.0),
        ("negatives", float("inf")),
    ],
)
def test_option_out_of_range_is_named(name, value):
    with pytest.raises(UserError, match=f"^{name}={value!r}"):
        FitOptions(**{name: value})


@pytest.mark.parametrize("name", ["monitor", "precision", "accelerator"])
def test_unknown_choice_is_named(name):
    options = FitOptions()
    # Set behind the constructor's back: the type checks of the tests would refuse it first.
    object.__setattr__(options, name, "abacus")
    with pytest.raises(UserError, match=f"^{name}='abacus': it must be one of .*"):
        options.__post_init__()


def test_options_at_their_limits_are_taken():
    FitOptions(l2=0.0, decay_factor=1.0, minimum_learning_rate=0.0, reverse_complement=1.0)


def test_every_option_has_its_help_on_the_command_line():
    parser = jsonargparse.ArgumentParser(prog="fit")
    parser.add_class_arguments(FitOptions, "fit")
    helps = {action.dest: action.help for action in parser._actions}
    missing = [
        field.name for field in dataclasses.fields(FitOptions) if not helps[f"fit.{field.name}"]
    ]
    assert not missing
    flags = ["--fit.epochs", "3", "--fit.precision", "bf16-mixed"]
    given = parser.instantiate(parser.parse_args(flags))
    assert given.fit == FitOptions(epochs=3, precision="bf16-mixed")


def test_options_load_without_heavy_libraries():
    code = (
        "import sys, cislens.training.options;"
        "print([m for m in ('torch', 'lightning', 'numpy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
