"""Options of `cislens benchmark` are those that help shows."""

from pathlib import Path

from cislens.pipeline.benchmark_options import BenchmarkRun


def test_core_in_this_process_is_the_default():
    chosen = BenchmarkRun("koo2021", Path("out"))
    assert (chosen.scale, chosen.executor.kind, chosen.only, chosen.files) == (
        "core",
        "serial",
        [],
        {},
    )
