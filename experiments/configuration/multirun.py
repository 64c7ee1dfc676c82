"""--multirun: every combination of the values given as key=a,b,c, in Hydra's sweep grammar."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.configuration.overrides import entry_of
from sim.inputs.problems import ScenarioError, refused, shortened

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

MOST_VALUES = 100_000
FORMS = "key=value, key=a,b,c or key=range(0,1,0.25)"


def combinations(overrides: Sequence[str]) -> list[tuple[str, ...]]:
    """The overrides of each job, in the order in which Hydra's basic sweeper would run them."""
    return list(itertools.product(*(single_overrides(text) for text in overrides)))


def single_overrides(text: str) -> list[str]:
    """One override for each value of a sweep such as key=a,b or key=range(1,4).

    An override with one value is returned as it is.
    """
    entry = entry_of(text)
    if entry is not None and not entry.is_sweep_override():
        return [text]
    if entry is not None and "glob(" in text:
        advice = f"write the names, such as {entry.key_or_group}=a,b,c"
        raise ScenarioError([refused(entry.key_or_group, text.split("=", 1)[1], FORMS, advice)])
    values = swept_values(entry) if entry is not None else None
    if entry is None or values is None:
        raise ScenarioError(
            [f"{shortened(text)}: not an override; allowed: {FORMS}; quote special characters"]
        )
    if not 1 <= len(values) <= MOST_VALUES:
        given, allowed = text.split("=", 1)[1], f"1 to {MOST_VALUES:,} values"
        raise ScenarioError([refused(entry.key_or_group, given, allowed, "change it")])
    return [f"{entry.get_key_element()}={value}" for value in values]


def swept_values(entry: Override) -> list[str] | None:
    """The values of a sweep, at most one beyond the limit; None if it has no values."""
    from hydra.errors import HydraException

    try:
        return list(itertools.islice(entry.sweep_string_iterator(), MOST_VALUES + 1))
    except (HydraException, ValueError):
        return None
