"""`cislens benchmark report`: the page of a benchmark."""

from cislens.pipeline import benchmark_options

OPTIONS = benchmark_options.BenchmarkFolder
POSITIONAL = ("run",)
EXAMPLES = """  cislens benchmark report runs/koo2021"""


def run(chosen: benchmark_options.BenchmarkFolder) -> None:
    """Bring the tables up to date, write the page and say where it is.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.benchmarks import running
    from cislens.report import benchmark

    running.refresh(chosen)
    print(benchmark.render(chosen.run))
