"""DeepSTARR, from files of the same layout to one table."""

import csv

import pytest

from cislens.catalog import deepstarr
from cislens.errors import UserError

HEAD = "Dev_log2_enrichment\tHk_log2_enrichment\tDev_log2_enrichment_scaled\n"


def write(folder, sizes=None, head=HEAD):
    for part, (sequences, activities) in (sizes or dict.fromkeys(deepstarr.SETS, (3, 3))).items():
        records = [f">{part}_{n}_+\nACGT{'A' * n}\n" for n in range(sequences)]
        (folder / f"Sequences_{part}.fa").write_text("".join(records))
        rows = [f"{n}.5\t-{n}.5\t0\n" for n in range(activities)]
        (folder / f"Sequences_activity_{part}.txt").write_text(head + "".join(rows))


def test_sequences_stand_beside_their_activities(tmp_path):
    write(tmp_path)
    deepstarr.prepare(tmp_path, None)
    with (tmp_path / deepstarr.TABLE).open(newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert [row["set"] for row in rows] == ["train"] * 3 + ["validation"] * 3 + ["test"] * 3
    assert rows[4] == {
        "id": "Val_1_+",
        "set": "validation",
        "sequence": "ACGTA",
        "Dev_log2_enrichment": "1.5",
        "Hk_log2_enrichment": "-1.5",
    }


@pytest.mark.parametrize(
    ("sizes", "told"),
    [((3, 2), "FASTA file of Val has more than the 2 rows"), ((2, 3), "the table of Val has more")],
)
def test_files_of_different_lengths_are_refused(tmp_path, sizes, told):
    write(tmp_path, {"Train": (3, 3), "Val": sizes, "Test": (3, 3)})
    with pytest.raises(UserError, match=told):
        deepstarr.prepare(tmp_path, None)
    assert not (tmp_path / deepstarr.TABLE).exists()


def test_table_without_the_column_is_refused(tmp_path):
    write(tmp_path, head="Dev\tHk\t\n")
    with pytest.raises(UserError, match="line 1: no column Dev_log2_enrichment"):
        deepstarr.prepare(tmp_path, None)
