"""The command line as a user meets it."""

import os
import resource
import subprocess
import sys

import pytest

from cislens.cli import main

PROBE = """
import sys
from cislens.cli import main
status = main.main(sys.argv[1:])
print("HEAVY", *({"torch", "lightning", "pandas", "zarr"} & set(sys.modules)))
sys.exit(status)
"""


@pytest.mark.parametrize("verb", [None, *main.VERBS])
def test_help_has_examples_and_imports_nothing_heavy(verb):
    words = ["--help"] if verb is None else [*verb.split(), "--help"]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], capture_output=True, text=True, check=True
    )
    assert "Examples:" in done.stdout
    assert done.stdout.splitlines()[-1].strip() == "HEAVY"


def test_help_answers_at_once():
    def seconds():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = [sys.executable, "-m", "cislens.cli", "train", "--help"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.3


def test_unknown_verb_names_the_nearest(capsys):
    assert main.main(["trian"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "did you mean `train`?" in error


def test_data_alone_says_what_is_wanted(capsys):
    assert main.main(["data"]) == 2
    assert "data import" in capsys.readouterr().err


@pytest.mark.parametrize("group", ["data", "benchmark"])
@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help_of_a_group_lists_its_verbs(group, word, capsys):
    assert main.main([group, word]) == 0
    shown = capsys.readouterr().out
    for verb, text in main.VERBS.items():
        assert (text in shown) == verb.startswith(f"{group} ")
    assert f"usage: cislens {group} VERB" in shown


@pytest.mark.parametrize("words", [["filters", "-h"], ["--help"]])
def test_closed_pipe_ends_silently(words):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "cislens.cli", *words]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode == 141


def test_another_broken_pipe_is_told(monkeypatch, capsys):
    def broken(words):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(main, "_dispatch", broken)
    assert main.main(["demo"]) == 2
    assert "Broken pipe" in capsys.readouterr().err


def test_version(capsys):
    assert main.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("cislens 0.")


def test_missing_file_is_one_line_without_traceback(tmp_path, capsys):
    assert main.main(["train", str(tmp_path / "none.zarr"), "--out", str(tmp_path / "run")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "none.zarr" in error


def test_unknown_flag_exits_with_2(tmp_path, capsys):
    assert main.main(["train", "x.zarr", "--out", str(tmp_path), "--fit.epocs", "3"]) == 2
    assert "fit.epocs" in capsys.readouterr().err


def test_wrong_value_names_the_flag(tmp_path, capsys):
    assert main.main(["train", "x.zarr", "--out", str(tmp_path), "--fit.epochs", "many"]) == 2
    error = capsys.readouterr().err
    assert "fit.epochs" in error
    assert "many" in error
