"""The templates of the pages, which come with the package."""

from importlib import resources

import jinja2


def environment() -> jinja2.Environment:
    """Escape by default, and refuse names that are not given."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("cislens.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def text(name: str) -> str:
    """Read a style sheet or a script."""
    return (resources.files("cislens.report") / "templates" / name).read_text(encoding="utf-8")
