"""--multirun: every combination of values given as key=a,b,c, in Hydra's own sweep grammar."""

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
    """The overrides that one stands for: one a value of a sweep such as a,b or range(1,4), or itself."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        entry = OverridesParser.create().parse_override(text)
        if not entry.is_sweep_override():
            return [text]
        values = list(itertools.islice(entry.sweep_string_iterator(), MOST_VALUES + 1))
    except (HydraException, ValueError):
        raise ScenarioError(
            [f"{text}: not an override; allowed: {FORMS}; quote special characters"]
        ) from None
    if not 1 <= len(values) <= MOST_VALUES:
        raise ScenarioError(
            [
                refused(
                    entry.key_or_group,
                    text.split("=", 1)[1],
                    f"1 to {MOST_VALUES:,} values",
                    "change it",
                )
            ]
        )
    return [f"{entry.get_key_element()}={value}" for value in values]
