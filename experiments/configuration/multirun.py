"""--multirun: every combination of the values given as key=a,b,c, in Hydra's sweep grammar."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from sim.inputs.problems import ScenarioError, refused

MOST_VALUES = 100_000
FORMS = "key=value, key=a,b,c or key=range(0,1,0.25)"


def combinations(overrides: Sequence[str]) -> list[tuple[str, ...]]:
    """The overrides of each job, in the order in which Hydra's basic sweeper would run them."""
    return list(itertools.product(*(single_overrides(text) for text in overrides)))


def single_overrides(text: str) -> list[str]:
    """One override for each value of a sweep such as key=a,b or key=range(1,4).

    An override with one value is returned as it is.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        entry = OverridesParser.create().parse_override(text)
        if not entry.is_sweep_override():
            return [text]
        # One value beyond the limit is enough to know that there are too many.
        values = list(itertools.islice(entry.sweep_string_iterator(), MOST_VALUES + 1))
    except (HydraException, ValueError):
        raise ScenarioError(
            [f"{text}: not an override; allowed: {FORMS}; quote special characters"]
        ) from None
    if not 1 <= len(values) <= MOST_VALUES:
        given, allowed = text.split("=", 1)[1], f"1 to {MOST_VALUES:,} values"
        raise ScenarioError([refused(entry.key_or_group, given, allowed, "change it")])
    return [f"{entry.get_key_element()}={value}" for value in values]
