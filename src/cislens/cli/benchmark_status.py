"""`cislens benchmark status`: how far a benchmark is."""

from cislens.pipeline import benchmark_options

OPTIONS = benchmark_options.BenchmarkFolder
POSITIONAL = ("run",)
EXAMPLES = """  cislens benchmark status runs/koo2021"""


def run(chosen: benchmark_options.BenchmarkFolder) -> None:
    """Print counts, failures and the time left.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.benchmarks import running

    print(running.status(chosen))
