"""Lines of a text file, plain or compressed, with its faults told by file and line."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from cislens.errors import UserError

GZIP_MAGIC = b"\x1f\x8b"


def is_text(head: bytes) -> bool:
    """Tell from its first bytes whether a file may be one of lines, plain or gzip."""
    if head.startswith(GZIP_MAGIC):
        return True
    try:
        # Told to go on, so that a letter cut in two at the end is no fault.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def read(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line numbers from 1 and lines without their ends; gz and bgz by content, not name."""
    if not path.is_file():
        raise UserError(f"{path}: no such file; check the name")
    number = 0
    with path.open("rb") as raw:
        compressed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        # bgzip writes a gzip file of many members, which the gzip module reads as one.
        stream = gzip.GzipFile(fileobj=raw) if compressed else raw
        try:
            for number, line in enumerate(stream, start=1):
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UserError(
                f"{path}, line {number + 1}: the compressed file is cut short or damaged; "
                "copy it again"
            ) from error
        except UnicodeDecodeError as error:
            raise UserError(
                f"{path}, line {number}: this is not text; a text file is wanted"
            ) from error
