"""What the README promises."""

import re
from pathlib import Path

from cislens.cli import main

TEXT = (Path(__file__).parents[1] / "README.md").read_text()


def test_every_verb_shown_exists():
    shown = set(re.findall(r"^(?:\.venv/bin/)?cislens (data \w+|\w+)", TEXT, flags=re.MULTILINE))
    assert shown
    assert shown <= set(main.VERBS)


def test_commands_have_what_their_verbs_want():
    for command in re.findall(r"`(cislens benchmark run [^`]*)`", TEXT):
        assert " --out " in command


def test_data_of_the_example_is_named():
    example = (Path(__file__).parents[1] / "examples" / "ctcf.yaml").read_text()
    for named in (r"path: (\S+)", r"\((\S+/\S+),", r"file (\S+)\)"):
        assert re.search(named, example)[1] in TEXT


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (Path(__file__).parents[1] / link).exists(), link
