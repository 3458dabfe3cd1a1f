"""Task 1 is the published data set bit for bit, and its truth is true."""

import hashlib

import numpy as np
import pytest
from memelite import tomtom
from numpy.lib.stride_tricks import sliding_window_view
from pyjaspar import jaspardb
from scipy import stats

from cislens.data import dataset
from cislens.data.placements import restrict
from cislens.errors import UserError
from cislens.sequence import jaspar, pwm
from cislens.simulation.tasks import koo2021_task1

ROUNDED_DENSITIES = {"train": 0.14602, "validation": 0.14431, "test": 0.14683}
# AUROC and AUPR of a scan that multiplies one-hot bases by probabilities, as the authors printed
# them, by how many bp the truth is widened.
PUBLISHED_SCAN = {
    5: (0.6474, 0.6343),
    10: (0.6667, 0.6476),
    15: (0.6833, 0.6629),
    20: (0.7026, 0.6791),
}
# Of the base codes and labels in row order; guards the bits against later change.
DIGEST = "944d5324db6f6bd4cfde83d52fe374040601be1e63714dfe52203dbd24618ade"


@pytest.fixture(scope="module")
def database():
    """JASPAR 2016 CORE vertebrates."""
    release = jaspardb(release="JASPAR2016")
    return [
        pwm.from_counts(
            np.array([motif.counts[base] for base in "ACGT"]),
            name=motif.matrix_id,
            label=motif.name,
        )
        for motif in release.fetch_motifs(collection="CORE", tax_group=["vertebrates"])
    ]


@pytest.fixture(scope="module")
def published(database, tmp_path_factory):
    out = tmp_path_factory.mktemp("published") / "task1.zarr"
    koo2021_task1.simulate(out, database=database)
    return dataset.open(out)


@pytest.fixture(scope="module")
def corrected(database, tmp_path_factory):
    out = tmp_path_factory.mktemp("corrected") / "task1.zarr"
    koo2021_task1.simulate(out, database=database, sequences=4000, mode="corrected")
    return dataset.open(out)


@pytest.fixture(scope="module", params=["published", "corrected"])
def either(request):
    return request.getfixturevalue(request.param)


def generate_slowly(database, count, *, sequences, factors=tuple(koo2021_task1.FACTORS), seed=33):
    """Follow the published recipe one base at a time, for the first `count` sequences.

    The rest of the stream is only spent, so that the permutation comes where it should.
    """
    known = {motif.name: motif.probabilities for motif in database}
    pool = []
    for factor in factors:
        matrix = known[koo2021_task1.FACTORS[factor]]
        pool += [(factor, "+", matrix), (factor, "-", np.flip(matrix))]
    rng = np.random.RandomState(seed)
    made = []
    for number in range(sequences):
        uniform, motif_count, cumulative = rng.uniform(), 0, 0.0
        for chance in (0.50, 0.25, 0.17, 0.05, 0.03):
            motif_count, cumulative = motif_count + 1, cumulative + chance
            if uniform < cumulative:
                break
        picked = [pool[i] for i in rng.choice(len(pool), size=motif_count, replace=True)]
        free = 200 - sum(matrix.shape[1] for _, _, matrix in picked)
        gaps = None
        while gaps is None or sum(gaps) != free:
            gaps = rng.uniform(0, 1, size=motif_count + 1)
            gaps = [int(np.round(gap)) for gap in gaps / np.sum(gaps) * free]
        uniforms = rng.uniform(0, 1, size=200)
        if number >= count:
            continue
        model, found = np.full((4, gaps[0]), 0.25), []
        for (factor, strand, matrix), gap in zip(picked, gaps[1:], strict=True):
            start = model.shape[1]
            found.append((factor, strand, start, start + matrix.shape[1]))
            model = np.hstack([model, matrix, np.full((4, gap), 0.25)])
        bases = [
            next(base for base in range(4) if uniform < sum(column[: base + 1]))
            for uniform, column in zip(uniforms.tolist(), model.T.tolist(), strict=True)
        ]
        made.append((bases, found))
    return made, rng.permutation(sequences)


@pytest.mark.parametrize(
    ("sequences", "factors"), [(700, tuple(koo2021_task1.FACTORS)), (50, ("SP1", "SRF"))]
)
def test_legacy_agrees_with_a_slow_loop(database, tmp_path, sequences, factors):
    koo2021_task1.simulate(
        tmp_path / "small.zarr", database=database, sequences=sequences, factors=factors
    )
    written = dataset.open(tmp_path / "small.zarr")
    made, permutation = generate_slowly(database, 200, sequences=sequences, factors=factors)
    assert [int(name.removeprefix("sequence_")) for name in written.ids] == permutation.tolist()
    codes = written.view()[:]
    label = {motif.name: motif.label for motif in written.placements.motifs}
    by_row = dict(list(written.placements.table.groupby("sequence")))
    for row, number in enumerate(permutation):
        if number < len(made):
            bases, found = made[number]
            assert codes[row].tolist() == bases
            truth = [
                (label[site.motif], site.strand, site.start, site.end)
                for site in by_row[row].itertuples()
            ]
            assert truth == found
            planted = {factor for factor, *_ in found}
            assert written.targets[row].tolist() == [task in planted for task in written.tasks]


def test_the_first_published_sequences_agree_with_a_slow_loop(database, published):
    made, permutation = generate_slowly(database, 200, sequences=30_000)
    assert [int(name.removeprefix("sequence_")) for name in published.ids] == permutation.tolist()
    row_of = np.argsort(permutation)
    np.testing.assert_array_equal(published.view()[row_of[:200]], [bases for bases, _ in made])


def test_published_statistics_are_met(published):
    targets = published.targets
    for split, density in ROUNDED_DENSITIES.items():
        assert round(float(targets[published.split == split].mean(dtype=np.float64)), 5) == density
    zeros = 1 - targets[published.split == "validation"].mean(dtype=np.float64)
    assert round(float(zeros), 5) == 0.85569
    percent = np.bincount(targets.sum(axis=1).astype(int), minlength=6) / 300
    assert np.round(percent, 1).tolist() == [0, 52.4, 26.7, 15.4, 4.4, 1.1]
    codes = published.view()[:]
    assert round(float(np.isin(codes, [1, 2]).mean()), 3) == 0.496
    table = published.placements.table
    assert round(float((table["end"] - table["start"]).sum() / codes.size), 3) == 0.108
    assert [(published.split == split).sum() for split in ROUNDED_DENSITIES] == [21000, 3000, 6000]
    assert published.tasks == tuple(koo2021_task1.FACTORS)
    assert published.provenance["published"] is True


def test_published_bits_stay(published):
    digest = hashlib.sha256(published.view()[:].tobytes())
    digest.update(published.targets.astype(np.uint8).tobytes())
    assert digest.hexdigest() == DIGEST


def scan(codes, motifs):
    """Score each position with the best of all motifs on both strands, centred on it."""
    onehot = np.eye(4, dtype=np.float64)[codes]
    best = np.full(codes.shape, -np.inf)
    for motif in motifs:
        for matrix in (motif.probabilities, np.flip(motif.probabilities)):
            width = matrix.shape[1]
            padded = np.pad(onehot, ((0, 0), (width // 2, width - 1 - width // 2), (0, 0)))
            score = sum(
                padded[:, offset : offset + codes.shape[1]] @ matrix[:, offset]
                for offset in range(width)
            )
            np.maximum(best, score, out=best)
    return best


def cut_as_published(labels, wanted, *, keep_last):
    """Cut out the runs of one label, with the published slips.

    The search for a run's end starts as far behind its start as the search for its start began,
    and a search whose only hit is the very next position finds nothing.
    """
    runs, origin, start, going = [], 0, 0, True
    while going:
        starts = np.flatnonzero(labels[origin:] == wanted)
        going = bool(starts.any())
        start = origin + int(starts[0]) if going else start
        ends = np.flatnonzero(labels[origin + start :] != wanted)
        if ends.any():
            end = origin + start + int(ends[0])
            runs.append((start, end))
            origin = end
        else:
            going = False
            if keep_last:
                runs.append((start, len(labels)))
    return runs


def roc_and_precision_areas(positives, negatives):
    if not positives or not negatives:
        return np.nan, np.nan
    difference = np.subtract.outer(positives, negatives)
    roc = ((difference > 0) + 0.5 * (difference == 0)).mean()
    recall, precision = [0.0], [1.0]
    for threshold in sorted({*positives, *negatives}, reverse=True):
        hits = np.sum(np.array(positives) >= threshold)
        recall.append(hits / len(positives))
        precision.append(hits / (hits + np.sum(np.array(negatives) >= threshold)))
    return roc, np.trapezoid(precision, recall)


@pytest.fixture(scope="module")
def scanned(published):
    """Information of the truth and best score of a scan at each position of the test set."""
    view = published.view("test")
    codes, motifs = view[:], published.placements.motifs
    known = {motif.name: motif.probabilities for motif in motifs}
    information = np.zeros(codes.shape)
    for site in restrict(published.placements, view.indices).table.itertuples():
        matrix = known[site.motif] if site.strand == "+" else np.flip(known[site.motif])
        bits = 2 + (matrix * np.log2(matrix + 1e-10)).sum(axis=0)
        information[site.sequence, site.start : site.end] = bits
    return information, scan(codes, motifs)


@pytest.mark.parametrize("widened", PUBLISHED_SCAN)
def test_published_motif_scan_is_met(scanned, widened):
    information, best = scanned
    padding = (widened // 2, widened - widened // 2)
    padded = np.pad((information > 0.01).astype(int), ((0, 0), padding))
    labels = sliding_window_view(padded, widened, axis=1)[:, :200].max(axis=2)
    areas = []
    for row, scores in zip(labels, best, strict=True):
        inside = [scores[a:b].max() for a, b in cut_as_published(row, 1, keep_last=False)]
        outside = [scores[a:b].max() for a, b in cut_as_published(row, 0, keep_last=True)]
        areas.append(roc_and_precision_areas(inside, outside))
    assert tuple(np.round(np.nanmean(areas, axis=0), 4)) == PUBLISHED_SCAN[widened]


def test_counts_are_those_of_the_published_file(database, real_data):
    in_file = jaspar.read(real_data / "motifs/pfm_vertebrates.txt")
    known = {motif.name: motif.probabilities for motif in in_file}
    assert len(known) == len(database) == 519
    for motif in database:
        np.testing.assert_array_equal(motif.probabilities, known[motif.name], strict=True)


def test_labels_are_the_factors_that_were_planted(either):
    table = either.placements.table
    planted = np.zeros((len(either), len(either.tasks)), dtype=bool)
    for task, factor in enumerate(either.tasks):
        rows = table["sequence"][table["motif"] == koo2021_task1.FACTORS[factor]]
        planted[rows, task] = True
    np.testing.assert_array_equal(either.targets == 1, planted)


def test_sites_do_not_overlap_and_stay_inside(either):
    table = either.placements.table.sort_values(["sequence", "start"])
    assert table["start"].min() >= 0
    assert table["end"].max() <= 200
    before = table.groupby("sequence")["end"].shift(fill_value=0)
    assert (table["start"] >= before).all()


def test_sites_hold_bases_of_their_columns(either):
    codes = either.view()[:]
    pvalues = []
    for (name, strand), sites in either.placements.table.groupby(["motif", "strand"]):
        motif = next(motif for motif in either.placements.motifs if motif.name == name)
        matrix = motif.probabilities if strand == "+" else np.flip(motif.probabilities)
        for offset, column in enumerate(matrix.T):
            bases = codes[sites["sequence"], sites["start"] + offset]
            observed = np.bincount(bases, minlength=4)
            assert not observed[column == 0].any()
            possible = column > 0
            if possible.sum() > 1:
                expected = column[possible] / column[possible].sum() * len(bases)
                pvalues.append(stats.chisquare(observed[possible], expected).pvalue)
    # Rare bases make the statistic rough; the worst of hundreds of columns still stays near.
    assert min(pvalues) > 1e-7
    assert 0.4 < np.median(pvalues) < 0.6


def test_background_bases_are_alike(either):
    codes = either.view()[:].copy()
    for site in either.placements.table.itertuples():
        codes[site.sequence, site.start : site.end] = 4
    assert stats.chisquare(np.bincount(codes.ravel())[:4]).pvalue > 1e-4


def test_motif_counts_follow_the_published_chances(either):
    count = np.bincount(either.placements.table["sequence"], minlength=len(either))
    expected = np.array(koo2021_task1.COUNTS[1:]) * len(either)
    assert count.min() == 1
    assert stats.chisquare(np.bincount(count)[1:], expected).pvalue > 1e-4


def test_corrected_starts_are_uniform(corrected):
    table = corrected.placements.table
    alone = table[~table["sequence"].duplicated(keep=False)]
    place = alone["start"] / (200 - (alone["end"] - alone["start"]))
    assert stats.kstest(place, "uniform").pvalue > 1e-4


def test_corrected_has_distractors_and_sequences_without_a_label(corrected):
    table = corrected.placements.table
    distractor = table["motif"].isin([*koo2021_task1.DISTRACTORS.values()])
    assert stats.binomtest(int(distractor.sum()), len(table), 0.25).pvalue > 1e-4
    empty = int((corrected.targets.sum(axis=1) == 0).sum())
    chance = np.polynomial.polynomial.polyval(0.25, koo2021_task1.COUNTS)
    assert stats.binomtest(empty, len(corrected), chance).pvalue > 1e-4
    assert corrected.provenance["published"] is False


def test_distractors_resemble_no_factor(database):
    names = [motif.name for motif in database]
    matrices = [np.array(motif.probabilities) for motif in database]
    factors = [names.index(name) for name in koo2021_task1.FACTORS.values()]
    distractors = [names.index(name) for name in koo2021_task1.DISTRACTORS.values()]
    pvalues = tomtom([matrices[factor] for factor in factors], matrices, n_jobs=1)[0]
    assert np.diag(pvalues[:, factors]).max() < 1e-4
    assert pvalues[:, distractors].min() > 0.1


@pytest.mark.parametrize("mode", ["legacy", "corrected"])
def test_same_seed_same_bits(database, tmp_path, mode):
    stores = []
    for seed, name in ((1, "a"), (1, "b"), (2, "c")):
        koo2021_task1.simulate(
            tmp_path / name, database=database, sequences=30, seed=seed, mode=mode
        )
        stores.append(dataset.open(tmp_path / name))
    first, again, other = (store.view()[:] for store in stores)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert stores[0].placements.table.equals(stores[1].placements.table)


@pytest.mark.parametrize("mode", ["legacy", "corrected"])
def test_some_factors_keep_the_order_of_the_labels(database, tmp_path, mode):
    koo2021_task1.simulate(
        tmp_path / "few",
        database=database,
        sequences=100,
        length=90,
        factors=("YY1", "CEBPB"),
        mode=mode,
    )
    few = dataset.open(tmp_path / "few")
    assert few.tasks == ("CEBPB", "YY1")
    assert few.length == 90
    assert few.provenance["published"] is False
    assert [(few.split == split).sum() for split in ROUNDED_DENSITIES] == [70, 10, 20]


def test_truth_lists_differ_by_the_misfiled_mef2_motifs():
    legacy, mended = koo2021_task1.LEGACY_TRUTH_IDS, koo2021_task1.GROUND_TRUTH_IDS
    assert {name for ids in legacy.values() for name in ids} - {
        name for ids in mended.values() for name in ids
    } == {"MA0660.1", "MA0773.1"}
    assert [*mended] == [*koo2021_task1.FACTORS]
    assert all(koo2021_task1.FACTORS[factor] in ids for factor, ids in mended.items())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"mode": "modern"}, "mode='modern'"),
        ({"sequences": 9}, "sequences=9"),
        ({"length": 79}, "length=79; wants at least 80"),
        ({"factors": ("CTCF",)}, "factors=CTCF"),
        ({"factors": ()}, "factors=none"),
    ],
)
def test_wrong_settings_are_told(database, tmp_path, wrong, message):
    # The type checker of the tests would refuse an unknown mode first.
    simulate = getattr(koo2021_task1.simulate, "__wrapped__", koo2021_task1.simulate)
    with pytest.raises(UserError, match=message):
        simulate(tmp_path / "no", database=database, **wrong)
    assert not (tmp_path / "no").exists()


def test_a_lacking_database_is_told(database, tmp_path):
    lacking = [motif for motif in database if motif.label != "YY1"]
    with pytest.raises(UserError, match=r"database of 518 motifs lacks MA0095\.2 \(YY1\)"):
        koo2021_task1.simulate(tmp_path / "no", database=lacking)
