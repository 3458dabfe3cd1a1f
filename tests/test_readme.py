"""What the README promises."""

import re
from pathlib import Path

from cislens.cli import main

TEXT = (Path(__file__).parents[1] / "README.md").read_text()


def test_every_verb_shown_exists():
    shown = set(re.findall(r"^(?:\.venv/bin/)?cislens (data \w+|\w+)", TEXT, flags=re.MULTILINE))
    assert shown
    assert shown <= set(main.VERBS)


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (Path(__file__).parents[1] / link).exists(), link
