"""`cislens data signal`: aligned reads become signal along the genome."""

from cislens.pipeline import dataset_options

OPTIONS = dataset_options.Signal
POSITIONAL = ("alignments", "out")
EXAMPLES = """  cislens data signal reb1.bam reb1 --reads.mate 1
  cislens data signal atac.bam atac --kind tn5 --strands together --genome hg38.2bit"""


def run(chosen: dataset_options.Signal) -> None:
    """Count and say what was written.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import counting

    print(counting.run(chosen))
