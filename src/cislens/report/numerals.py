"""Numbers as a reader wants them: thousands apart, small ones in powers of ten, never 'nan'."""

import math
import re

Number = float | int | None
"""A number, or None where JSON has null."""

NONE = "–"
"""Stands where there is no number."""


def fixed(value: Number, *, digits: int = 3) -> str:
    """Write a number with a fixed number of decimals.

    Parameters
    ----------
    value
        The number.
    digits
        Decimals.

    Returns
    -------
    str
        Such as 0.975; a dash for None, NaN and infinity.
    """
    return NONE if value is None or not math.isfinite(value) else f"{value:,.{digits}f}"


def count(value: Number) -> str:
    """Write a whole number.

    Parameters
    ----------
    value
        The number; a fraction is rounded.

    Returns
    -------
    str
        Such as 12,000; a dash for None, NaN and infinity.
    """
    return NONE if value is None or not math.isfinite(value) else f"{round(value):,}"


def probability(value: Number) -> str:
    """Write a p-, q- or E-value with two digits.

    Parameters
    ----------
    value
        The number, 0 or more.

    Returns
    -------
    str
        Such as 3.2e-08 below 0.001, 0.012 above; a dash for None, NaN and infinity.
    """
    if value is None or not math.isfinite(value):
        return NONE
    if 0 < value < 1e-3:
        return f"{value:.1e}"
    return f"{value:.2g}" if value < 99.5 else count(value)


def percent(value: Number) -> str:
    """Write a share in percent.

    Parameters
    ----------
    value
        The share, 1 for all.

    Returns
    -------
    str
        Such as 51.2%; a dash for None, NaN and infinity.
    """
    return NONE if value is None or not math.isfinite(value) else f"{100 * value:.1f}%"


def duration(seconds: Number) -> str:
    """Write a time span in the units that suit it.

    Parameters
    ----------
    seconds
        The span in s.

    Returns
    -------
    str
        Such as 8.4 s, 3 min 12 s or 1 h 05 min; a dash for None, NaN and infinity.
    """
    if seconds is None or not math.isfinite(seconds):
        return NONE
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return (
        f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
    )


def rate(value: float) -> str:
    """Write a learning rate.

    Parameters
    ----------
    value
        The rate.

    Returns
    -------
    str
        Such as 0.001 or 2e-4.
    """
    return f"{value:g}" if value >= 1e-3 else re.sub(r"(\.0)?e-0?", "e-", f"{value:.1e}")


def anything(value: object) -> str:
    """Write any value of a JSON file as short text.

    Parameters
    ----------
    value
        Text, number, truth value, null, or a list or mapping of these.

    Returns
    -------
    str
        Lists and mappings with commas; whole numbers as they are, since they may be seeds.
    """
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: NONE}[value]
    if isinstance(value, float):
        return f"{value:.6g}" if math.isfinite(value) else NONE
    if isinstance(value, dict):
        return ", ".join(f"{key} {anything(item)}" for key, item in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(anything(item) for item in value) or "none"
    return str(value)
