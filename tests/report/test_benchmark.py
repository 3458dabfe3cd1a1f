"""The page of a benchmark."""

import json
import re
from xml.etree import ElementTree

import pytest

from cislens.errors import UserError
from cislens.report import benchmark

HEAD = {
    "title": "Toy <benchmark>",
    "reference": "Nobody 2021",
    "labels": ["task", "model", "variant"],
    "pieces": {"0": "a", "1": "b"},
    "published": [
        {"labels": {"task": "t", "model": "m", "variant": ""}, "metric": "AUROC", "value": 0.8}
    ],
    "figures": [
        {
            "title": "Fig. 1",
            "metric": "AUROC",
            "across": "model",
            "panels": "task",
            "where": {"task": ["t", "u"]},
            "caption": "See.",
        },
        {
            "title": "Fig. 2",
            "metric": "AUPR",
            "across": "model",
            "panels": "",
            "where": {},
            "caption": "",
        },
    ],
    "pictures": [],
    "notes": ["A note."],
    "settings": {"scale": "core"},
}
RECORDS = """task,model,variant,seed,metric,value
t,m,,0,AUROC,0.7
t,m,,1,AUROC,0.9
u,n,,0,AUROC,0.6
v,n,,0,AUROC,0.5
"""
SUMMARY = """task,model,variant,metric,seeds,undefined,median,q1,q3,lowest,highest,failures,\
published,source
t,m,,AUROC,2,1,0.8,0.75,0.85,0.7,0.9,1,0.81,mean of 10
t,x,,AUROC,0,0,,,,,,,0.77,mean of 10
u,n,,AUROC,1,0,0.6,0.6,0.6,0.6,0.6,,,
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "benchmark.json").write_text(json.dumps(HEAD))
    (tmp_path / "records.csv").write_text(RECORDS)
    (tmp_path / "summary.csv").write_text(SUMMARY)
    (tmp_path / "failed.csv").write_text("piece,error\nb,ValueError: <no luck>\n")
    environment = {"cislens": "0.1", "command": "cislens benchmark run toy"}
    (tmp_path / "environment.json").write_text(json.dumps(environment))
    return tmp_path


def test_page_sets_ours_beside_the_published(run):
    text = benchmark.render(run).read_text()
    assert "Toy &lt;benchmark&gt;" in text
    compared = text[text.index('id="compared"') : text.index('id="figures"')]
    assert "0.800" in compared
    assert "0.810" in compared
    assert "2 + 1 undefined, 1 failed" in compared
    # What has not been run has no row, and what the paper lacks stands apart.
    assert "0.770" not in compared
    assert "0.600" not in compared
    assert "0.600" in text[text.index('id="others"') :]
    assert "ValueError: &lt;no luck&gt;" in text


def test_columns_that_are_empty_everywhere_are_left_out(run):
    text = benchmark.html(run)
    assert '<th scope="col">model</th>' in text
    assert '<th scope="col">variant</th>' not in text


def test_figures_are_drawn_of_what_is_there(run):
    text = benchmark.html(run)
    figures = text[text.index('id="figures"') : text.index('id="others"')]
    assert "Fig. 1" in figures
    drawn, _, unseen = figures.partition("<details>")
    assert "Fig. 2" not in drawn
    assert "<li>Fig. 2</li>" in unseen
    labels = re.findall(r'aria-label="([^"]*)"', figures)
    assert labels == [
        "t: m median 0.800 of 2, published 0.800",
        "u: n median 0.600 of 1",
    ]


def test_page_loads_nothing(run):
    assert not re.search(r'(src|href)="(?!#)', benchmark.html(run))


@pytest.mark.parametrize("name", ["benchmark.json", "records.csv", "summary.csv"])
def test_a_missing_file_is_named(run, name):
    (run / name).unlink()
    with pytest.raises(UserError, match=name):
        benchmark.render(run)
    assert not (run / "report.html").exists()


def test_numbers_in_names_are_sorted_by_size(run):
    names = ["SD 10", "SD 0.05", "SD -3", "SD 2", "a-1"]
    rows = "".join(f"t,{name},,0,AUROC,0.5\n" for name in names)
    (run / "records.csv").write_text(RECORDS.splitlines()[0] + "\n" + rows)
    label = next(
        text
        for text in re.findall(r'aria-label="([^"]*)"', benchmark.html(run))
        if text.startswith("t:")
    )
    assert re.findall(r"(SD \S+|a-1) median", label) == [
        "SD -3",
        "SD 0.05",
        "SD 2",
        "SD 10",
        "a-1",
    ]


def test_figures_are_files_too(run):
    benchmark.render(run)
    benchmark.render(run)
    found = sorted(path.name for path in (run / "figures").iterdir())
    panels = ["01 Fig. 1 t.svg", "01 Fig. 1 u.svg"]
    assert found == [*panels, "01 Fig. 1.pdf", "01 Fig. 1.png"]
    assert (run / "figures" / found[2]).read_bytes().startswith(b"%PDF-")
    assert (run / "figures" / found[3]).read_bytes().startswith(b"\x89PNG\r\n")
    root = ElementTree.parse(run / "figures" / panels[0]).getroot()
    assert root.tag.endswith("svg")
    assert root.get("aria-label").startswith("t: m median")


def test_a_scatter_has_a_point_for_each_name_with_both_axes(run):
    figure = {
        "title": "Fig. 3",
        "metric": "AUROC",
        "across": "task",
        "axes": "model",
        "pair": ["m", "n"],
        "where": {},
        "order": ["u", "absent"],
        "caption": "",
    }
    (run / "benchmark.json").write_text(json.dumps(HEAD | {"figures": [figure]}))
    assert "1 figure wants records" in benchmark.html(run)
    more = "t,n,,0,AUROC,0.6\nu,m,,0,AUROC,0.1\n"
    (run / "records.csv").write_text(RECORDS + more)
    (label,) = re.findall(r'class="scatter" role="img" aria-label="([^"]*)"', benchmark.html(run))
    assert label == "AUROC: n by m; u 0.100 and 0.600; t 0.800 and 0.600"


def test_of_many_panels_some_are_folded(run):
    rows = "".join(f"t{n:02d},m,,0,AUROC,0.5\n" for n in range(12))
    (run / "records.csv").write_text(RECORDS.splitlines()[0] + "\n" + rows)
    figure = HEAD["figures"][0] | {"where": {}}
    (run / "benchmark.json").write_text(json.dumps(HEAD | {"figures": [figure]}))
    shown, _, folded = benchmark.html(run).partition("<summary>9 more</summary>")
    assert [part.count('class="dots"') for part in (shown, folded)] == [3, 9]
