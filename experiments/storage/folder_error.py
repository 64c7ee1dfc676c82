"""The error of a folder that cannot be written or trusted."""

from __future__ import annotations


class FolderError(RuntimeError):
    """A result folder, the store of a sweep or a fit cannot be written or read."""
