"""`cislens attribute` as a user runs it."""

import yaml

from cislens.cli import main
from cislens.maps import store


def test_maps_of_a_run(trained, tmp_path, capsys):
    words = ["attribute", str(trained), "--out", str(tmp_path / "maps"), "--top", "3"]
    words += ["--method", "ism", "--ism.score", "new", "--targets", "AP1"]
    assert main.main(words) == 0
    assert "3 maps by ism of 1 target" in capsys.readouterr().out
    maps = store.open(tmp_path / "maps" / "exponential" / "ism" / "AP1.zarr")
    assert maps.header.provenance.options["score"] == "new"
    again = ["attribute", "--config", str(tmp_path / "maps" / "ism.yaml")]
    assert main.main(again) == 0
    assert yaml.safe_load((tmp_path / "maps" / "ism.yaml").read_text())["ism"]["score"] == "new"


def test_another_score_is_refused_in_one_sentence(trained, tmp_path, capsys):
    words = ["attribute", str(trained), "--out", str(tmp_path), "--top", "1", "--method", "ism"]
    assert main.main(words) == 0
    capsys.readouterr()
    assert main.main([*words, "--ism.score", "new"]) == 2
    error = capsys.readouterr().err
    assert "score was 'difference' and is now 'new'" in error


def test_an_unknown_option_names_those_of_the_method(trained, tmp_path, capsys):
    words = ["attribute", str(trained), "--out", str(tmp_path / "maps"), "--method", "ism"]
    assert main.main([*words, "--ism.scores", "new"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "--ism.scores: did you mean 'score'? ism has score, centred, fast" in error
    assert main.main([*words, "--occlusion.width", "3"]) == 2
    assert "the method is ism" in capsys.readouterr().err
    assert not (tmp_path / "maps").exists()


def test_an_unknown_target_names_those_there_are(trained, tmp_path, capsys):
    words = ["attribute", str(trained), "--out", str(tmp_path / "maps"), "--targets", "MAX"]
    assert main.main(words) == 2
    assert "'MAX' is no output" in capsys.readouterr().err
    assert not (tmp_path / "maps").exists()


def test_formats_of_sequences_with_intervals(trained, tmp_path, capsys):
    sizes = tmp_path / "chrom.sizes"
    sizes.write_text("chr1 50000\nchr2 50000\nchr3 50000\n")
    words = ["attribute", str(trained), "--out", str(tmp_path / "maps"), "--method", "saliency"]
    words += ["--formats", "[bigwig, bedgraph, npz]", "--chromosome_sizes", str(sizes)]
    assert main.main(words) == 0
    folder = tmp_path / "maps" / "exponential" / "saliency"
    names = ["AP1.bedGraph", "AP1.bw", "AP1.ohe.npz", "AP1.shap.npz", "AP1.zarr"]
    assert sorted(path.name for path in folder.iterdir()) == names
    lines = (folder / "AP1.bedGraph").read_text().splitlines()
    places = {line.split("\t")[0] for line in lines}
    assert places == {"chr3"}
