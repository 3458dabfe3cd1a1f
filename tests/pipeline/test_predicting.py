"""Tables of predictions."""

import numpy as np
import pandas as pd
import pytest

from cislens.data import dataset, export
from cislens.errors import UserError
from cislens.pipeline import predicting, verbs


@pytest.fixture
def model(finished):
    return finished.out / "models" / "exponential" / "model.safetensors"


def test_fasta_and_dataset_give_the_same_table(model, task, tmp_path):
    fasta = tmp_path / "all.fa"
    export.to_fasta(dataset.open(task), fasta)
    tables = []
    for number, sequences in enumerate((task, fasta)):
        out = tmp_path / f"{number}.tsv"
        said = predicting.run(
            verbs.Predict(model=model, sequences=sequences, out=out, batch_size=7)
        )
        assert "600 sequences, 2 tasks" in said
        tables.append(pd.read_csv(out, sep="\t").set_index("id"))
    assert list(tables[0].columns) == ["SRF", "YY1"]
    assert tables[0].to_numpy().min() >= 0
    assert tables[0].to_numpy().max() <= 1
    assert np.allclose(tables[0], tables[1].loc[tables[0].index], atol=1e-5)


def test_both_strands_do_not_tell_the_strand(model, tmp_path):
    text = "ACGTT" * 40
    opposite = text[::-1].translate(str.maketrans("ACGT", "TGCA"))
    path = tmp_path / "two.fa"
    path.write_text(f">a\n{text}\n>b\n{opposite}\n")
    out = tmp_path / "two.tsv"
    predicting.run(verbs.Predict(model=model, sequences=path, out=out, both_strands=True))
    table = pd.read_csv(out, sep="\t")
    assert np.allclose(table.iloc[0, 1:].astype(float), table.iloc[1, 1:].astype(float), atol=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (">a\nACGT\n", r"new.fa, line 1: a has 4 bp; the model wants 200"),
        (">a\n" + "ACGT" * 49 + "ACGX\n", r"new.fa, line 1: .*X"),
    ],
)
def test_fault_names_file_and_line_and_leaves_nothing(model, tmp_path, text, message):
    path = tmp_path / "new.fa"
    path.write_text(text)
    out = tmp_path / "new.tsv"
    with pytest.raises(UserError, match=message):
        predicting.run(verbs.Predict(model=model, sequences=path, out=out))
    assert [p.name for p in tmp_path.iterdir()] == ["new.fa"]


def test_existing_table_is_not_overwritten(model, task, tmp_path):
    out = tmp_path / "t.tsv"
    out.touch()
    with pytest.raises(UserError, match="exists"):
        predicting.run(verbs.Predict(model=model, sequences=task, out=out))
