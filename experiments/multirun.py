"""--multirun: every combination of values given as key=a,b,c, in Hydra's own sweep grammar."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from sim.problems import ScenarioError


def combinations(overrides: Sequence[str]) -> list[tuple[str, ...]]:
    """The overrides of each job, in the order in which Hydra's basic sweeper would run them."""
    return list(itertools.product(*(list(choices(text)) for text in overrides)))


def choices(text: str) -> Iterator[str]:
    """The overrides that one stands for: one a value of a sweep such as a,b or range(1,4), or itself."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        entry = OverridesParser.create().parse_override(text)
        if not entry.is_sweep_override():
            yield text
            return
        for value in entry.sweep_string_iterator():
            yield f"{entry.get_key_element()}={value}"
    except HydraException as error:
        raise ScenarioError([f"{text}: {' '.join(str(error).split())}"]) from None
