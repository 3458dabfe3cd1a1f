import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.report import page
from cislens.sequence import meme

VOID = {"meta", "input", "br", "hr", "img", "link", "path", "use", "circle"}
EVIL = "<script>alert(1)</script>"


class Page(HTMLParser):
    """Tags held against each other; texts, scripts and attributes gathered."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.texts, self.scripts = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another tag, line {self.getpos()[0]}"

    def handle_data(self, data):
        (self.scripts if self.open[-1:] == ["script"] else self.texts).append(data)

    def all(self, tag, name):
        return [attrs[name] for seen, attrs in self.seen if seen == tag and name in attrs]

    @property
    def words(self):
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def text(pristine_run, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "page.html"
    return page.render(pristine_run, out=out).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parsed(text):
    return Page(text)


def test_report_stands_in_the_run_folder(run_folder):
    before = sorted(path.name for path in run_folder.iterdir())
    assert page.render(run_folder) == run_folder / "report.html"
    after = sorted(path.name for path in run_folder.iterdir())
    assert after == sorted([*before, "report.html"])
    first = (run_folder / "report.html").read_bytes()
    page.render(run_folder)
    assert (run_folder / "report.html").read_bytes() == first


def test_sections_come_in_reading_order(parsed):
    assert parsed.all("section", "id") == [
        "data", "models", "curves", "metrics", "filters-1", "filters-2", "recovery", "how",
    ]  # fmt: skip


def test_prior_of_a_training_is_drawn_below_its_losses(run_folder, text):
    assert 'class="priors"' not in text
    path = min(run_folder.glob("models/*/history.csv"))
    head, *lines = path.read_text().splitlines()
    added = [f"{line},{'' if n == 0 else 0.5 - 0.01 * n},2.5" for n, line in enumerate(lines)]
    path.write_text("\n".join([f"{head},prior_fourier,prior_weight", *added]) + "\n")
    drawn = page.render(run_folder).read_text(encoding="utf-8")
    Page(drawn)
    assert drawn.count('class="prior"') == 1
    assert f"{path.parent.name}: prior, weights × 2.5" in drawn


def test_every_anchor_leads_somewhere_and_ids_are_unique(parsed):
    ids = [attrs["id"] for _, attrs in parsed.seen if "id" in attrs]
    targets = [attrs["href"] for _, attrs in parsed.seen if "href" in attrs]
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in targets} <= set(ids)
    assert all(target.startswith("#") for target in targets)


def test_nothing_is_loaded_from_elsewhere(text, parsed):
    loads = {"src", "srcset", "data", "poster", "background", "action", "xlink:href"}
    assert not any(loads & attrs.keys() for _, attrs in parsed.seen)
    assert not {"link", "iframe", "img", "object", "embed", "base"} & {
        tag for tag, _ in parsed.seen
    }
    assert "url(" not in text
    assert "@import" not in text
    assert set(re.findall(r"https?:[^\"'\s<]*", text)) <= {"http://www.w3.org/2000/svg"}


def test_policy_allows_the_one_script_only(text, parsed):
    import base64
    import hashlib

    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(a["content"] for t, a in parsed.seen if t == "meta" and "http-equiv" in a)
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert not any(name.startswith("on") for _, attrs in parsed.seen for name in attrs)


def test_numbers_that_matter_are_there(parsed):
    for words in (
        "27 of 32 first-layer filters match", "84%", "0.975", "20,000", "1,394,828", "48.7%",
        "2 min 23 s", "cislens demo --out runs/demo", "filter_4, filter_13, filter_22, filter_31",
        "models/relu/filters.meme", "architecture: cnn-deep", "missed",
    ):  # fmt: skip
        assert words in parsed.words, words


def test_every_live_filter_has_a_row_with_logos(text, pristine_run):
    for place, name in enumerate(("exponential", "relu"), start=1):
        body = text.split(f'id="filters-{place}"')[1].split("</section>")[0]
        live = meme.read(pristine_run / "models" / name / "filters.meme")
        assert body.count("<tr") - 1 == len(live)
        assert all(f">{motif.name}</th>" in body for motif in live)


def test_tables_are_accessible(parsed):
    heads = [attrs for tag, attrs in parsed.seen if tag == "th"]
    drawings = [attrs for tag, attrs in parsed.seen if tag == "svg" and "aria-hidden" not in attrs]
    assert all(attrs.get("scope") in {"col", "row", "colgroup"} for attrs in heads)
    assert all(attrs.get("role") == "img" and attrs.get("aria-label") for attrs in drawings)
    assert {"ascending"} == {attrs["aria-sort"] for attrs in heads if "aria-sort" in attrs}


def test_names_are_escaped_everywhere(run_folder):
    quoted = "a\"b'<i>&amp;"
    data = json.loads((run_folder / "data.json").read_text())
    data |= {
        "name": EVIL,
        "tasks": [EVIL],
        "prevalence": {EVIL: {"test": 0.1}},
        "source": {EVIL: [EVIL]},
    }
    data["splits"] = {"test": 5}
    (run_folder / "data.json").write_text(json.dumps(data))
    number = {"label": EVIL, "value": None, "text": EVIL, "explanation": EVIL}
    verdict = {"sentence": EVIL, "numbers": [number], "notes": [EVIL]}
    (run_folder / "verdict.json").write_text(json.dumps(verdict))
    (run_folder / "run.yaml").write_text(f"name: {EVIL}\n")
    for model in run_folder.glob("models/*"):
        for name in ("metrics.csv", "matches.csv", "filters.csv"):
            path = model / name
            swapped = path.read_text().replace("SP1", EVIL).replace(",ok,", f",{EVIL},")
            path.write_text(swapped.replace("JUN::FOS", '"' + quoted.replace('"', '""') + '"'))
        recovery = json.loads((model / "recovery.json").read_text())
        recovery["missed"].append(EVIL)
        (model / "recovery.json").write_text(json.dumps(recovery))
        card = json.loads((model / "card.json").read_text()) | {
            "options": {EVIL: EVIL},
            "layer": EVIL,
        }
        (model / "card.json").write_text(json.dumps(card))
    (run_folder / "models/relu").rename(run_folder / "models/a<b>&'\"c")
    text = page.render(run_folder).read_text(encoding="utf-8")
    parsed = Page(text)
    assert [tag for tag, _ in parsed.seen].count("script") == 1
    assert "alert(1)" not in "".join(parsed.scripts)
    assert EVIL in parsed.words
    assert quoted in parsed.words
    assert "a<b>&'\"c" in parsed.words
    assert not {"b>", "i"} & {tag for tag, _ in parsed.seen}


def test_optional_parts_leave_no_trace(run_folder):
    (run_folder / "verdict.json").unlink()
    for path in run_folder.glob("models/*/recovery.json"):
        path.unlink()
    parsed = Page(page.render(run_folder).read_text(encoding="utf-8"))
    assert "recovery" not in parsed.all("section", "id")
    assert "planted factor" not in parsed.words


def test_single_model_and_single_continuous_task(run_folder):
    import shutil

    shutil.rmtree(run_folder / "models/relu")
    path = run_folder / "models/exponential/metrics.csv"
    path.write_text(
        "split,task,pearson,spearman,mean_squared_error,n\ntest,activity,0.81,,0.2,700\n"
    )
    text = page.render(run_folder).read_text(encoding="utf-8")
    assert "Pearson r" in Page(text).words
    assert "nan" not in Page(text).words.lower().split()


def test_rna_logos_have_u(run_folder):
    data = json.loads((run_folder / "data.json").read_text()) | {"alphabet": "RNA"}
    (run_folder / "data.json").write_text(json.dumps(data))
    text = page.render(run_folder).read_text(encoding="utf-8")
    assert "#base-U" in text
    assert "#base-T" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


def test_page_of_two_models_is_small(text):
    assert len(text.encode()) < 1_000_000


def test_nothing_is_left_where_the_report_fails(run_folder):
    page.render(run_folder)
    before = (run_folder / "report.html").read_bytes()
    (run_folder / "models/relu/card.json").write_text('{"architecture":\n')
    names = sorted(path.name for path in run_folder.iterdir())
    with pytest.raises(UserError, match=r"card\.json, line 2"):
        page.render(run_folder)
    assert sorted(path.name for path in run_folder.iterdir()) == names
    assert (run_folder / "report.html").read_bytes() == before


def test_missing_target_folder_is_named(pristine_run, tmp_path):
    with pytest.raises(UserError, match="nowhere"):
        page.render(pristine_run, out=tmp_path / "nowhere" / "page.html")


def test_report_needs_no_torch():
    code = (
        "import sys, cislens.report.page; sys.exit(bool({'torch', 'lightning'} & {*sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_prevalence_of_a_task_may_lack_a_split(run_folder):
    data = json.loads((run_folder / "data.json").read_text())
    data["prevalence"]["SP1"] = {"train": 0.5, "test": None}
    data["n_fraction"] = np.nan
    (run_folder / "data.json").write_text(json.dumps(data))
    assert (
        "nan" not in Page(page.render(run_folder).read_text(encoding="utf-8")).words.lower().split()
    )


def test_gc_baseline_is_told_where_it_was_measured(run_folder):
    baseline = {"metric": "auroc", "gc_content": {"SP1": 0.6, "YY1": 0.5, "MAX": None}}
    (run_folder / "baseline.json").write_text(json.dumps(baseline))
    words = Page(page.render(run_folder).read_text(encoding="utf-8")).words
    assert "reaches an AUROC of 0.550 (mean)" in words


def test_model_without_any_motif_still_has_a_page(run_folder):
    for model in run_folder.glob("models/*"):
        for name in ("filters.csv", "matches.csv"):
            lines = (model / name).read_text().splitlines(keepends=True)
            kept = [line for line in lines[1:] if ",dead," in line]
            (model / name).write_text("".join([lines[0], *kept]))
        for name in ("filters.meme", "matched.meme"):
            meme.write(model / name, [])
    words = Page(page.render(run_folder).read_text(encoding="utf-8")).words
    assert "0 of 4 filters have a motif" in words
