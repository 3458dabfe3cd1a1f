"""The data card of a run."""

from cislens.pipeline import card, folder


def test_description_says_the_kind_of_targets(task):
    assert card.describe(task).endswith("(420 train, 60 validation, 120 test), binary targets")


def test_card_is_named_and_kept(task, tmp_path):
    card.write(tmp_path, task, name="Mine")
    card.write(tmp_path, task, name="Other")
    written = folder.read_json(tmp_path / "data.json")
    assert written["name"] == "Mine"
    assert written["splits"] == {"train": 420, "validation": 60, "test": 120}
