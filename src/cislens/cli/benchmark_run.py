"""`cislens benchmark run`: a published experiment, rerun piece by piece."""

from cislens.pipeline import benchmark_options

OPTIONS = benchmark_options.BenchmarkRun
POSITIONAL = ("benchmark",)
EXAMPLES = """  cislens benchmark run koo2021 --out runs/koo2021 --scale smoke
  cislens benchmark run koo2021 --out runs/koo2021 --only '[task3, cnn-dist, exponential]'
  cislens benchmark run koo2021 --out runs/koo2021 --executor.kind processes --executor.workers 4"""


def run(chosen: benchmark_options.BenchmarkRun) -> None:
    """Run, and say what was done.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.benchmarks import running

    print(running.run(chosen))
