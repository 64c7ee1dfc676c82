"""The error of a folder that cannot be written or trusted."""

from __future__ import annotations

from sim.inputs.problems import printable


class FolderError(RuntimeError):
    """A result folder, the store of a sweep or a fit cannot be written or read."""

    def __init__(self, message: str) -> None:
        # Messages quote what damaged files hold, which may be characters that move a cursor.
        super().__init__("\n".join(map(printable, message.split("\n"))))
