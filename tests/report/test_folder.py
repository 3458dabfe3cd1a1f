import json

import pytest

from cislens.errors import UserError
from cislens.report import folder
from cislens.sequence import meme

REQUIRED = [
    "run.yaml", "environment.json", "data.json", "records.csv",
    *(
        f"models/relu/{name}"
        for name in (
            "card.json", "history.csv", "metrics.csv", "filters.meme", "filters.csv",
            "matches.csv", "matched.meme",
        )
    ),
]  # fmt: skip


def test_folder_is_read_whole(pristine_run):
    run = folder.read(pristine_run)
    assert [model.name for model in run.models] == ["exponential", "relu"]
    assert len(run.models[0].filters) == 32
    assert len(run.models[0].motifs) == 28
    assert run.data["sequences"] == 20_000
    assert "models/relu/filters.meme" in run.names
    assert "report.html" not in run.names


@pytest.mark.parametrize("name", REQUIRED)
def test_missing_file_is_named(name, run_folder):
    (run_folder / name).unlink()
    with pytest.raises(UserError, match=name):
        folder.read(run_folder)


def test_verdict_and_recovery_may_be_absent(run_folder):
    (run_folder / "verdict.json").unlink()
    (run_folder / "models/relu/recovery.json").unlink()
    run = folder.read(run_folder)
    assert run.verdict is None
    assert [model.recovery is None for model in run.models] == [False, True]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("environment.json", "command"),
        ("data.json", "gc"),
        ("verdict.json", "notes"),
        ("models/relu/card.json", "seed"),
        ("models/relu/recovery.json", "missed"),
    ],
)
def test_missing_key_is_named(name, key, run_folder):
    path = run_folder / name
    content = json.loads(path.read_text())
    del content[key]
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match=rf"{name}: key '{key}' is missing"):
        folder.read(run_folder)


def test_number_of_the_verdict_without_text_is_named(run_folder):
    path = run_folder / "verdict.json"
    content = json.loads(path.read_text())
    del content["numbers"][1]["text"]
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match=r"verdict\.json: numbers\[1\]: key 'text' is missing"):
        folder.read(run_folder)


def test_run_of_single_verbs_shows_the_options_of_each(run_folder):
    (run_folder / "run.yaml").rename(run_folder / "train.yaml")
    (run_folder / "filters.yaml").write_text("split: test\n")
    assert list(folder.read(run_folder).options) == ["filters.yaml", "train.yaml"]


def test_model_whose_filters_are_all_dead_has_no_motif(run_folder):
    place = run_folder / "models/relu"
    meme.write(place / "filters.meme", [])
    meme.write(place / "matched.meme", [])
    for name in ("filters.csv", "matches.csv"):
        lines = (place / name).read_text().splitlines(keepends=True)
        kept = [line for line in lines[1:] if ",dead," in line]
        (place / name).write_text("".join([lines[0], *kept]))
    model = folder.read(run_folder).models[1]
    assert (model.motifs, model.matched, len(model.filters)) == ({}, {}, 4)


def test_live_filter_without_its_motif_is_named(run_folder):
    path = run_folder / "models/relu/filters.meme"
    meme.write(path, [motif for motif in meme.read(path) if motif.name != "filter_7"])
    with pytest.raises(UserError, match=r"filters\.meme: no motif 'filter_7'"):
        folder.read(run_folder)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        (0, "filter_99", r"matches\.csv, line 2: query='filter_99' is not in filters\.meme"),
        (1, "MA9999.9", r"matches\.csv, line 2: target='MA9999\.9' is not in matched\.meme"),
        (8, ".", r"matches\.csv, line 2: strand='\.'"),
        (6, "1.5", r"matches\.csv, line 2: offset=1\.5"),
        (6, "", r"matches\.csv, line 2: offset=nan"),
    ],
)
def test_match_that_cannot_be_drawn_is_named(column, value, message, run_folder):
    path = run_folder / "models/relu/matches.csv"
    header, line, *rest = path.read_text().splitlines()
    cells = line.split(",")
    cells[column] = value
    path.write_text("\n".join([header, ",".join(cells), *rest]))
    with pytest.raises(UserError, match=message):
        folder.read(run_folder)


def test_motif_without_a_row_is_named(run_folder):
    path = run_folder / "models/relu/filters.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if ",filter_0," not in line))
    with pytest.raises(UserError, match=r"filters\.csv: no row for 'filter_0'"):
        folder.read(run_folder)


def test_folder_without_models_or_at_all_is_named(tmp_path):
    with pytest.raises(UserError, match=r"nowhere: no such folder; .* `cislens train` wrote"):
        folder.read(tmp_path / "nowhere")
    with pytest.raises(UserError, match="models: no model"):
        folder.read(tmp_path)
    (tmp_path / "benchmark.json").write_text("{}")
    with pytest.raises(UserError, match="holds a benchmark; its page: `cislens benchmark report"):
        folder.read(tmp_path)
