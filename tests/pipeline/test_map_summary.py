"""What a user hears of maps."""

from cislens.pipeline import attributing, map_summary
from cislens.pipeline.attribute_options import Attribute


def test_notes_of_blocks_are_said_once(untrained, tmp_path):
    chosen = Attribute(
        models=untrained, out=tmp_path, method="ism", targets=[0, 1], top=6, block_size=2
    )
    attributing.run(chosen)
    paths = sorted((tmp_path / "relu" / "ism").glob("*.zarr"))
    lines = map_summary.text("relu", paths).splitlines()
    assert lines[0].startswith("relu: 12 maps by ism of 2 targets in ")
    assert "planted motifs: AUROC 0." in lines[1]
    assert lines[2] == "  note: score: difference"
    assert lines[3].startswith("  note: ")
    assert len(lines) == 4
