"""What a pickle says of the version that made it, so that any other version refuses it in words.

A model goes on to the last bit only where the same rules run on the same arrays; elsewhere it would
go on with other numbers, or read its arrays wrongly.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

Version = Callable[[], str]
VERSIONS: dict[str, Version] = {}
"""What has a version, and how it is found out."""


def version_of(what: str) -> Callable[[Version], Version]:
    """Mark the function that says which version of something runs here."""

    def mark(version: Version) -> Version:
        VERSIONS[what] = version
        return version

    return mark


class MadeBy:
    """The versions of some things by which a pickle was made. It stands first in the pickle."""

    __slots__ = ("versions",)

    def __init__(self, things: Iterable[str]) -> None:
        self.versions = {what: VERSIONS[what]() for what in things}

    def __reduce__(self) -> tuple[Any, ...]:
        """Unpickling checks before anything else is read."""
        return made_by, (self.versions,)


def made_by(versions: Mapping[str, str]) -> MadeBy:
    """What made a pickle. Raises UnpicklingError if it is not what runs here."""
    here = {what: VERSIONS[what]() if what in VERSIONS else "unknown" for what in versions}
    different = [
        f"{what} is {there}, here {here[what]}"
        for what, there in versions.items()
        if there != here[what]
    ]
    if different:
        refuse_pickle("; ".join(different))
    return MadeBy(versions)


def refuse_pickle(why: str) -> NoReturn:
    """Raise UnpicklingError for a pickle of another version."""
    raise pickle.UnpicklingError(
        f"this pickle was made by another version of the simulator ({why}); a model goes on only "
        "in the version that made it: use that version, or build and run the model again"
    )
