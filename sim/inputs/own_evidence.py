"""Series, facts and priors of a user's own, read next to the shipped ones.

PRIMORYE_EVIDENCE in the environment names a folder with a series.yaml, a facts.yaml, a priors.yaml
or several of them, in the form of those in sim/evidence/. A name of a series or fact that is
shipped already is refused, as a configuration that names it would otherwise read another number
without a word. A prior of one's own is there to take the place of the shipped one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sim.inputs.problems import ScenarioError, refused

VARIABLE = "PRIMORYE_EVIDENCE"
FILES = ("series.yaml", "facts.yaml", "priors.yaml")


def own_files() -> list[Path]:
    """The user's evidence files; none if no folder is named.

    Raises ScenarioError if the folder that is named has none of them.
    """
    given = os.environ.get(VARIABLE, "")
    if not given:
        return []
    found = [path for name in FILES if (path := Path(given) / name).is_file()]
    if not found:
        allowed = f"a folder with {', '.join(FILES[:-1])} or {FILES[-1]}"
        raise ScenarioError([refused(VARIABLE, given, allowed, "correct the folder, or unset it")])
    return found


def own_entries[Entry](file: str, read: Callable[[Path], dict[str, Entry]]) -> dict[str, Entry]:
    """The entries of the user's file of that name; none if there is no such file."""
    return {
        name: entry
        for path in own_files()
        if path.name == file
        for name, entry in read(path).items()
    }


def with_own[Entry](
    shipped: dict[str, Entry], file: str, read: Callable[[Path], dict[str, Entry]]
) -> dict[str, Entry]:
    """Shipped entries and those of the user's file of that name.

    Raises ScenarioError if the file is malformed or has a name that is shipped.
    """
    own = own_entries(file, read)
    if taken := sorted(own.keys() & shipped.keys()):
        raise ScenarioError(
            [
                f"{VARIABLE}: {file}: {name}: sim/evidence/{file} has this name; give yours another"
                for name in taken
            ]
        )
    return shipped | own
