"""Standard output and error that may be closed, or cannot show a character: no result is lost."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import sys
import unicodedata
from collections.abc import Iterator
from typing import TextIO, cast, override

PLAIN = {
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": "...",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2022": "*",
    "\u00d7": "x",
}
"""Characters that many encodings lack, with what stands for them there."""
READER_GONE = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)
"""What writing to a pipe gives whose reader is gone."""
PLAIN_ERRORS = "primorye_plain"


def in_plain_characters(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that an encoding lacks (see `codecs.register_error`)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(plain_character, lacking)), error.end


def plain_character(character: str) -> str:
    """A dash, quote or letter in ASCII; a question mark for what has no likeness there."""
    if character in PLAIN:
        return PLAIN[character]
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return letters or "?"


codecs.register_error(PLAIN_ERRORS, in_plain_characters)


class PipeThatMayClose(io.RawIOBase):
    """Writes to a file descriptor; once its reader is gone, what is written is dropped."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._is_read = descriptor, True

    @override
    def writable(self) -> bool:
        """It can be written at any time."""
        return True

    @override
    def fileno(self) -> int:
        """The file descriptor."""
        return self._descriptor

    @override
    def isatty(self) -> bool:
        """Whether a terminal shows it."""
        return os.isatty(self._descriptor)

    @override
    def write(self, content: object) -> int:
        """Write bytes, or drop them; returns how many."""
        data = memoryview(content)  # type: ignore[arg-type]
        if self._is_read:
            try:
                return os.write(self._descriptor, data)
            except OSError as error:
                if error.errno not in READER_GONE:
                    raise
                self._is_read = False
        return data.nbytes


@contextlib.contextmanager
def patient_streams() -> Iterator[None]:
    """Let this process's own output and error be closed at any time, and show every text.

    What is written by then is flushed when the block ends; raises OSError if that fails, as on a
    full disk. Streams that a notebook or a test has put in their place are left alone.
    """
    before = sys.stdout, sys.stderr
    if sys.stdout is sys.__stdout__:
        sys.stdout = patient(sys.__stdout__)
    if sys.stderr is sys.__stderr__:
        sys.stderr = patient(sys.__stderr__)
    try:
        yield
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    finally:
        for stream, own in zip((sys.stdout, sys.stderr), before, strict=True):
            if stream is not own:
                drop(stream)
        sys.stdout, sys.stderr = before


def patient(stream: TextIO | None) -> TextIO:
    """A stream to the same place; to nowhere if the process was started without it."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    stream.flush()
    buffer = io.BufferedWriter(PipeThatMayClose(stream.fileno()))
    at_once = stream.isatty() or stream is sys.__stderr__
    return cast(
        "TextIO",
        io.TextIOWrapper(
            buffer, stream.encoding, PLAIN_ERRORS, line_buffering=at_once, write_through=at_once
        ),
    )


def drop(stream: TextIO) -> None:
    """Give a stream up; what could not be written is lost, which `flush` has reported."""
    with contextlib.suppress(OSError, ValueError):
        stream.close()
