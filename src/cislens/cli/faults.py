"""What the parser says of a wrong value, in words that a user knows."""

import difflib
import re

_KEYS = re.compile(r"(?:Parser key \"[\w.]+\": )+")
_EXPECTED = re.compile(r"Expected an? (?P<kind>.+?)\. Got value: (?P<got>.*)")
_UNION = re.compile(
    r"Does not validate against any of the Union subtypes Subtypes: \[(?P<kinds>.*?)\] Errors: .*"
    r"Given value: (?P<got>.*)"
)
_KIND = re.compile(r"<class '(?P<type>\w+)'>|typing\.Literal\[(?P<choices>[^\]]*)\]")
_GROUP = re.compile(r"Unable to load config ['\"](?P<got>.*?)['\"]( - .*)?")
WANTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "a text",
    "list": "a list such as [a, b]",
    "dict": "a mapping such as {name: value}",
}
"""What to write for a value, by the name of its type."""


def told(message: str) -> str:
    """Say what was got and what is wanted.

    Parameters
    ----------
    message
        A message of jsonargparse, of one line or of several.

    Returns
    -------
    str
        One line; the message itself where it is of no known form.
    """
    text = " ".join(_of_union(message).split())
    keys = _KEYS.match(text)
    if keys is None:
        return text
    name, rest = _joined(re.findall(r'"([\w.]+)"', keys[0])), text[keys.end() :]
    if found := _EXPECTED.fullmatch(rest) or _UNION.fullmatch(rest):
        kinds = found.groupdict().get("kinds") or found.groupdict().get("kind") or ""
        return _wanted(name, found["got"], kinds) or text
    if found := _GROUP.fullmatch(rest):
        return f"{name}={found['got']}: options are wanted, such as --{name}.NAME VALUE"
    inner, equals, tail = rest.partition("=")
    # An inner parser, or the options themselves, have said it of a key of this one.
    nested = equals and re.fullmatch(r"[\w.]+", inner)
    return f"{_joined([name, inner])}={tail}" if nested else f"{name}: {rest}"


def _of_union(message: str) -> str:
    """Of the errors of all kinds that a value may be, keep the one that tells most."""
    opening, _, members = message.partition(":\n  Does not validate against any of the Union")
    said = re.findall(r"^ *- (?!Expected a)(.*?)(?:; see `.*)?$", members, flags=re.MULTILINE)
    return f"{opening}: {said[0]}" if said else message


def _joined(keys: list[str]) -> str:
    """Join the keys of nested options; an inner one may repeat the outer, or the end of it."""
    name = keys[0]
    for key in keys[1:]:
        for known in (name, name.rpartition(".")[2]):
            key = key.removeprefix(f"{known}.")
        name = name if key == name else f"{name}.{key}"
    return name


def _wanted(name: str, got: str, kinds: str) -> str:
    """Name what an option takes; nothing where one of the kinds is not known here."""
    found = list(_KIND.finditer(kinds))
    if not found or re.sub(r"[\s,]", "", _KIND.sub("", kinds)):
        return ""
    types = [kind["type"] for kind in found if kind["type"] not in {None, "NoneType"}]
    choices = [c for kind in found for c in re.findall(r"'([^']*)'", kind["choices"] or "")]
    if any(kind not in WANTED for kind in types):
        return ""
    if not choices:
        return f"{name}={got}: {' or '.join(WANTED[kind] for kind in types)} is wanted"
    near = difflib.get_close_matches(got, choices, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    also = "".join(f", or {WANTED[kind]}" for kind in types)
    return f"{name}={got}: {hint}known are {', '.join(choices)}{also}"
