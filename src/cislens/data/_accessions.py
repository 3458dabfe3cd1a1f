"""Accessions of chromosomes in RefSeq and GenBank, without their versions.

The version tells the assembly (NC_000001.10 is human chromosome 1 of GRCh37, .11 of GRCh38). It is
not read here: whether sizes fit the genome says more.

References
----------
NCBI Datasets, assembly reports of GRCh38, GRCm39, GRCz11, BDGP6, WBcel235, R64 and TAIR10.
"""

_ROMAN = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI"
_NUMBERS = [str(number) for number in range(1, 26)]
_SERIES: tuple[tuple[str, int, list[str]], ...] = (
    ("NC_", 1, [*_NUMBERS[:22], "X", "Y"]),  # human
    ("CM", 663, [*_NUMBERS[:22], "X", "Y"]),
    ("NC_", 67, [*_NUMBERS[:19], "X", "Y"]),  # mouse
    ("CM", 994, [*_NUMBERS[:19], "X", "Y"]),
    ("NC_", 7112, _NUMBERS),  # zebrafish
    ("NC_", 3279, ["I", "II", "III", "IV", "V", "X"]),  # worm
    ("NC_", 1133, _ROMAN.split()),  # yeast
)
_SINGLE = {
    "NC_012920": "M", "NC_005089": "M", "NC_002333": "M", "NC_001328": "M", "NC_001224": "M",
    "NT_033779": "2L", "NT_033778": "2R", "NT_037436": "3L", "NT_033777": "3R",  # fly
    "NC_004353": "4", "NC_004354": "X", "NC_024512": "Y", "NC_024511": "M",
    "NC_003070": "1", "NC_003071": "2", "NC_003074": "3", "NC_003075": "4", "NC_003076": "5",
    "NC_000932": "C",  # thale cress, whose NC_037304 is another sequence than TAIR10's ChrM
}  # fmt: skip
KNOWN = _SINGLE | {
    f"{prefix}{first + place:06d}": name
    for prefix, first, names in _SERIES
    for place, name in enumerate(names)
}


def name(written: str) -> str | None:
    """Give the chromosome of an accession as its species counts; None if it is none known here."""
    return KNOWN.get(written.partition(".")[0].upper())
