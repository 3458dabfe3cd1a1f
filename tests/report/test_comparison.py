"""The page of a comparison from its tables alone."""

import json
import re

import pytest

from cislens.errors import UserError
from cislens.report import comparison


@pytest.fixture
def folder(tmp_path):
    """Write the tables of two trainings of two conditions."""
    (tmp_path / "trainings.csv").write_text(
        "training,condition,seed,auroc,loss,high-frequency share\n"
        "plain,plain,0,0.9,0.3,0.5\nf<1>,f<1>,0,0.91,0.28,0.2\n"
    )
    (tmp_path / "tests.csv").write_text(
        "condition,against,metric,across,pairs,first,second,difference,effect,p\n"
        "f<1>,plain,loss,sequences,80,0.3,0.28,-0.02,-0.4,0.003\n"
        "f<1>,plain,auroc,seeds,2,0.9,0.91,0.01,1,\n"
    )
    (tmp_path / "agreement.csv").write_text(
        "first,second,condition,jaccard,jaccard by chance,cosine,cosine by chance\n"
        "plain,f<1>,,0.4,0.01,0.5,0.02\n"
    )
    (tmp_path / "conditions.csv").write_text("option,plain,f<1>\nfit.prior.period,,6.7\n")
    head = {
        "data": "d.zarr",
        "split": "test",
        "task": "CTCF",
        "method": "gradient",
        "metric": "auroc",
        "sequences": 80,
        "conditions": ["plain", "f<1>"],
        "tracks": [
            {"sequence": "s1", "sites": [1], "importance": {"plain": [0.1, 1], "f<1>": [0, 1]}}
        ],
    }
    (tmp_path / "comparison.json").write_text(json.dumps(head))
    return tmp_path


def test_page_shows_every_part(folder):
    text = comparison.render(folder).read_text()
    for word in ("2 trainings, 2 conditions", "-0.0200", "fit.prior.period", "HF share", "s1"):
        assert word in text
    assert text.count('class="bars"') == 2
    assert text.count('class="dots"') == 3
    assert "f<1>" not in text
    assert not re.search(r'(src|href)="(?!#)', text)


def test_one_condition_needs_no_tests(folder):
    header = (folder / "tests.csv").read_text().splitlines()[0]
    (folder / "tests.csv").write_text(header + "\n")
    assert "Tests against" not in comparison.html(folder)


def test_missing_table_is_named(folder):
    (folder / "agreement.csv").unlink()
    with pytest.raises(UserError, match=r"agreement\.csv"):
        comparison.html(folder)
