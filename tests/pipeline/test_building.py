"""A genome as the data of a run."""

import numpy as np
import pytest

from cislens.data import dataset
from cislens.errors import UserError
from cislens.pipeline import building, genome_options, importing, options
from cislens.pipeline.genome_options import BinOptions, GenomeOptions, PeakOptions


@pytest.fixture
def genome_file(rng, tmp_path):
    path = tmp_path / "g.fa"
    path.write_text(f">a\n{''.join(rng.choice(list('ACGT'), 4000))}\n")
    (tmp_path / "x.bed").write_text("".join(f"a\t{i}\t{i + 2}\n" for i in range(100, 3900, 97)))
    return path


def test_a_run_imports_a_genome_as_the_verb_builds_it(genome_file, tmp_path):
    chosen = GenomeOptions(
        peaks=PeakOptions(files=[tmp_path / "x.bed"]), bins=BinOptions(20, 20, 40)
    )
    data = options.DataOptions(path=genome_file, genome=chosen)
    importing.write(data, tmp_path / "1.zarr", seed=4)
    building.write(genome_file, chosen, tmp_path / "2.zarr", split=data.split, seed=4)
    first, second = (dataset.open(tmp_path / f"{n}.zarr") for n in (1, 2))
    assert list(first.ids) == list(second.ids)
    assert first.tasks == ("x",)
    assert np.array_equal(first.split, second.split)


def test_two_files_of_one_name_are_refused(genome_file, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "x.bed").write_text("a\t1\t2\n")
    peaks = PeakOptions(files=[tmp_path / "x.bed", tmp_path / "more"])
    with pytest.raises(UserError, match=r"'x' is the name of .*x\.bed too"):
        building.write(
            genome_file,
            genome_options.GenomeOptions(peaks=peaks),
            tmp_path / "d.zarr",
            split=options.SplitOptions(),
            seed=0,
        )
