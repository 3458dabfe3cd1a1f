"""Datasets of profiles from options; run as a user does in tests/cli/test_profiles.py."""

import pandas as pd

from cislens.data import bed, dataset, genome, splits
from cislens.pipeline import genome_options, profile_building


def test_provenance_says_which_files_and_windows(profile_files, tmp_path):
    reference = genome.open(profile_files / "genome.fa")
    pair = [profile_files / f"{strand}.bw" for strand in ("plus", "minus")]
    region = pd.DataFrame({"chrom": ["chrI"], "start": [0], "end": [4000]})
    profile_building.write(
        reference,
        {"a": bed.read(profile_files / "peaks.bed")},
        genome_options.GenomeOptions(
            peaks=genome_options.PeakOptions(files=[]),
            profile=genome_options.ProfileOptions({"x": pair}, {}, 20, 60, background=0.5),
        ),
        tmp_path / "d.zarr",
        excluded=region,
        split=splits.ByChromosome(["chrIII"], ["chrIV"]),
        seed=0,
        overwrite=False,
    )
    stored = dataset.open(tmp_path / "d.zarr")
    assert set(stored.intervals["chrom"]) == {"chrII", "chrIII", "chrIV"}
    assert stored.provenance["peaks"] == {"a": 36}
    assert stored.provenance["profile"]["tracks"] == {"x": [str(path) for path in pair]}
    assert stored.provenance["profile"]["positions"] == 20
