"""What every card of the catalogue must say."""

import re

import pytest
import yaml

from cislens import catalog
from cislens.cli import yaml_keys
from cislens.pipeline import verbs

VERBS = {"data import": verbs.Import, "data build": verbs.Build}


@pytest.fixture(params=catalog.DATASETS)
def card(request):
    return catalog.DATASETS[request.param]()


def test_card_is_complete(card):
    assert card.title
    assert card.licence
    assert card.layout
    assert re.fullmatch(r"[\d.]+( to \d+)? [KMG]B|not known", card.size)
    assert "doi:10." in card.citation
    assert len({file.name for file in card.files}) == len(card.files) > 0
    for file in card.files:
        assert re.match(r"https?://\S+$", file.url)
        assert "/" not in file.name
        assert file.sha256 is None or re.fullmatch("[0-9a-f]{64}", file.sha256)


def test_options_are_those_of_the_verb(card, tmp_path):
    path = tmp_path / "options.yaml"
    path.write_text(yaml.safe_dump({**card.options, "out": "d.zarr"}))
    yaml_keys.check(path, VERBS[card.verb])
