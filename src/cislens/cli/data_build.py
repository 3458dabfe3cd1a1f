"""`cislens data build`: a genome and peaks become a dataset."""

from cislens.pipeline import verbs

OPTIONS = verbs.Build
POSITIONAL = ("config",)
EXAMPLES = """  cislens data build factors.yaml
  cislens data build --genome sacCer3.fa --peaks.files peaks/ --peaks.pattern '*_CX.bed' \\
    --bins.context 400 --split.by chromosome --split.validation chrIV \\
    --split.test chrVII,chrXII --out factors.zarr
  cislens data build --genome sacCer3.fa --peaks.files '[Reb1_CX.bed]' \\
    --windows.context 500 --windows.matched dinucleotide --out reb1.zarr
  cislens data build --genome hg38.fa --transcripts.file gencode.gtf.gz \\
    --transcripts.table expression.tsv --transcripts.target_columns '[liver, brain]' \\
    --transcripts.match gene_name --transcripts.upstream 1500 --transcripts.downstream 500 \\
    --split.by folds --split.validation '[1]' --split.test '[2]' --out promoters.zarr"""


def run(chosen: verbs.Build) -> None:
    """Build and say what was written.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import building

    print(building.run(chosen))
