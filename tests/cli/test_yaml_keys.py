"""Keys of YAML files."""

from dataclasses import dataclass, field

import pytest

from cislens.cli import yaml_keys
from cislens.errors import UserError
from cislens.pipeline import verbs


@dataclass(frozen=True)
class Inner:
    epochs: int = 1


@dataclass(frozen=True)
class Outer:
    name: str = ""
    fit: Inner = field(default_factory=Inner)
    short: str | Inner | None = None


def check(tmp_path, text):
    path = tmp_path / "run.yaml"
    path.write_text(text)
    yaml_keys.check(path, Outer)


def test_known_keys_pass(tmp_path):
    check(tmp_path, "name: x\nfit:\n  epochs: 3\n")


def test_one_of_several_kinds_is_followed_where_it_is_a_mapping(tmp_path):
    check(tmp_path, "short: x\n")
    check(tmp_path, "short:\n  epochs: 3\n")
    with pytest.raises(UserError, match=r"line 2: key 'short\.epocs' is unknown"):
        check(tmp_path, "short:\n  epocs: 3\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: x\nfti: 3\n", r"run.yaml, line 2: key 'fti' is unknown; did you mean 'fit'\?"),
        (
            "fit:\n  epocs: 3\n",
            r"run.yaml, line 2: key 'fit.epocs' is unknown; did you mean 'epochs'",
        ),
        ("zzz: 1\n", r"run.yaml, line 1: key 'zzz' is unknown; known are name, fit, short"),
        ("name: x\nname: y\n", r"run.yaml, line 2: key 'name' stands twice"),
        ("fit: 3\n", r"run.yaml, line 1: fit wants `key: value` lines"),
        ("- a\n", r"run.yaml, line 1: the file wants `key: value` lines"),
        ("", r"the file is empty"),
        ("name: [a\n", r"run.yaml, line 2: not YAML"),
    ],
)
def test_fault_names_file_line_and_remedy(tmp_path, text, message):
    with pytest.raises(UserError, match=message):
        check(tmp_path, text)


@pytest.mark.parametrize("options", [verbs.Build, verbs.Train])
def test_file_of_the_main_job_is_known(tmp_path, options):
    path = tmp_path / "job.yaml"
    path.write_text("name: x\nout: y\ndata: {path: g.fa}\nmodel: {}\n")
    with pytest.raises(
        UserError, match=r"job\.yaml: this file is one for `cislens run`.* is unknown here"
    ):
        yaml_keys.check(path, options)
    yaml_keys.check(path, verbs.Run)


def test_missing_file():
    with pytest.raises(UserError, match=r"nowhere.yaml: no such file"):
        yaml_keys.check("nowhere.yaml", Outer)
