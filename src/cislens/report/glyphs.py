"""Outlines and colours of the letters of a sequence logo: our own drawings, no font."""

from collections.abc import Sequence

OUTLINES = {
    "A": ("M.01 0L.37 1H.63L.99 0H.76L.692 .2H.308L.24 0ZM.36 .345L.5 .755L.64 .345Z"),
    "C": (
        "M.97 .665C.93 .87 .77 1 .53 1C.22 1 .02 .79 .02 .5C.02 .21 .22 0 .53 0"
        "C.77 0 .93 .13 .97 .335L.745 .375C.722 .235 .65 .155 .53 .155"
        "C.355 .155 .25 .29 .25 .5C.25 .71 .355 .845 .53 .845C.65 .845 .722 .765 .745 .625Z"
    ),
    "G": (
        "M.96 .69C.91 .885 .76 1 .53 1C.22 1 .02 .79 .02 .5C.02 .21 .22 0 .53 0"
        "C.71 0 .87 .055 .98 .16V.535H.53V.395H.765V.225C.7 .18 .62 .155 .54 .155"
        "C.355 .155 .25 .29 .25 .5C.25 .71 .355 .845 .53 .845C.645 .845 .71 .775 .735 .645Z"
    ),
    "T": "M.03 1H.97V.85H.615V0H.385V.85H.03Z",
    "U": (
        "M.04 1V.375C.04 .135 .21 0 .5 0C.79 0 .96 .135 .96 .375V1H.73V.385"
        "C.73 .235 .65 .155 .5 .155C.35 .155 .27 .235 .27 .385V1Z"
    ),
    "N": "M.04 0V1H.28L.735 .34V1H.96V0H.72L.265 .66V0Z",
}
"""SVG path of each letter in the unit square, y upwards; it touches bottom (0) and top (1)."""

COLOURS = {
    "A": "#1ba46c",
    "C": "#2057a7",
    "G": "#eda510",
    "T": "#b3232f",
    "U": "#b3232f",
    "N": "#8a8f98",
}
"""The customary green, blue, orange and red, shifted so that the closest pair (A and T for the
red-green blind) stays 32 CIELAB units apart; the usual web palette leaves 13."""


def definitions(letters: Sequence[str]) -> str:
    """Return the ``<defs>`` element that logos point to, one path a letter.

    Parameters
    ----------
    letters
        Letters to define, out of ``OUTLINES``; their ids are ``base-A`` and so on.

    Returns
    -------
    str
        SVG markup for use inside an ``<svg>`` element.
    """
    paths = (
        f'<path id="base-{letter}" fill="{COLOURS[letter]}" d="{OUTLINES[letter]}"/>'
        for letter in letters
    )
    return f"<defs>{''.join(paths)}</defs>"


def sheet() -> str:
    """Draw every letter once, unseen, for a page of logos that share them.

    Returns
    -------
    str
        An ``<svg>`` element without size.
    """
    inner = definitions(tuple(OUTLINES))
    return f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">{inner}</svg>'
