"""Published experiments, rerun: each file offers ``plan(scale, *, files)``, listed here by name.

A plan is a `suite.Benchmark`: pieces of work for `cislens.jobs`, the values published, and the
figures to draw. ``scale`` is "smoke" (seconds, for tests), "core" (what the claim rests on) or
"full"; ``files`` are data that only the user has, by name. `suite` runs a plan in a run folder,
where its `summary` and all numbers stand as tables that `cislens.report` reads.
"""

from collections.abc import Callable

from cislens.benchmarks import koo2021_exponential, suite

BENCHMARKS: dict[str, Callable[..., suite.Benchmark]] = {
    "koo2021": koo2021_exponential.plan,
}
"""Plans by name."""
