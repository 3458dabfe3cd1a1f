"""Published experiments, rerun: each file offers ``plan(scale, *, files)``, listed here by name.

A plan is a `suite.Benchmark`: pieces of work for `cislens.jobs`, the values published, and the
figures to draw. ``scale`` is "smoke" (seconds, for tests), "core" (what the claim rests on) or
"full"; ``files`` are data that only the user has, by name. `suite` runs a plan in a run folder,
where its `summary` and all numbers stand as tables that `cislens.report` reads; `completion` says
how far it is.
"""

from collections.abc import Callable

from cislens.benchmarks import deepsea, koo2021_exponential, suite, tseng2020_fourier

BENCHMARKS: dict[str, Callable[..., suite.Benchmark]] = {
    "koo2021": koo2021_exponential.plan,
    "tseng2020": tseng2020_fourier.plan,
    "deepsea": deepsea.plan,
}
"""Plans by name."""
