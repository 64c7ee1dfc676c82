"""Keys without a slider that a scenario may set all the same, and how large it may be.

They come with an address or an imported file. What would change the number of model workers or
months at will is not among them, as visitors share the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.explorer.controls import BY_KEY, DEFAULT_POLICY, configuration_of
from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import flatten
from sim.inputs.problems import refused

OTHER_KEYS = tuple(
    key
    for key in flatten(configuration_of(DEFAULT_POLICY))
    if key not in BY_KEY
    and key != "policy.name"
    and (
        key == "seed"
        or key.startswith(("policy.", "levers."))
        or (key in parameters() and parameters()[key].prior is not None)
    )
)
"""All numbers of policy and levers, the uncertain parameters, and the seed."""
HEAD_COUNTS = ("heads", "employed", "pool", "candidates", "tied_heads")
LARGEST_OVER_SHIPPED = 2.0
"""So many times the shipped heads of a kind may be simulated at most."""


def size_problems(configuration: Mapping[str, Any]) -> Iterator[str]:
    """A line for each number of heads that is too large for a machine that visitors share."""
    shipped = configuration_of(DEFAULT_POLICY)["population"]
    for name, group in configuration["population"].items():
        for key in HEAD_COUNTS:
            usual, given = shipped[name].get(key), group.get(key)
            if not isinstance(usual, int) or not isinstance(given, int | float):
                continue
            most = LARGEST_OVER_SHIPPED * usual
            if given > most:
                yield refused(
                    f"population.{name}.{key}",
                    given,
                    f"up to {most:,.0f} workers in the explorer",
                    "use experiments.run for more",
                )
