"""The config.yaml of an earlier result is plain data: it may come from somebody else.

Hydra would look up environment variables for it and compose files that it names. What could make
it do so is refused before Hydra reads the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.inputs.dotted_keys import flatten
from sim.inputs.problems import ScenarioError, refused

INTERPOLATION = "${"
OF_HYDRA = ("defaults", "hydra")
OUTPUT_DIR, DEFAULT_OUTPUT_DIR = "output_dir", "outputs"


def check_saved_configuration(found: Mapping[str, Any]) -> None:
    """Raise ScenarioError if a saved configuration is more than plain data."""
    problems = list(more_than_data(found))
    if problems:
        raise ScenarioError(problems)


def more_than_data(found: Mapping[str, Any]) -> Iterator[str]:
    """A line for each entry that asks Hydra to read something else."""
    for key in OF_HYDRA:
        if key in found:
            yield refused(key, found[key], "no such section in a saved configuration", "delete it")
    for key, value in flatten(found).items():
        if INTERPOLATION in f"{key} {value}":
            yield refused(
                key, value, "plain values in a saved configuration", "write what it stands for"
            )


def with_own_output_dir(overrides: Sequence[str]) -> list[str]:
    """The overrides, with results in the default folder unless they name another.

    Where an earlier result was written is no part of what it says.
    """
    if any(text.partition("=")[0].lstrip("+") == OUTPUT_DIR for text in overrides):
        return list(overrides)
    return [*overrides, f"{OUTPUT_DIR}={DEFAULT_OUTPUT_DIR}"]
