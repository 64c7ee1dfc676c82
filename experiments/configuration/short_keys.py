"""Keys of a configuration by the shortest name that tells them apart: `compliance` and the like."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.configuration.key_descriptions import default_keys
from experiments.configuration.shipped_files import CONFIGS
from sim.inputs.problems import ScenarioError, nearest

CHOICES = ("market", "population", "policy", "levers", "structure")


def overrides_of(given: Mapping[str, Any], configs: Path = CONFIGS) -> list[str]:
    """Overrides for values by short or full key; raises ScenarioError with every problem.

    A short key is the end of a full one, with `__` or `.` between its parts: `scale`,
    `firms__number`, `russian.pool`. The names of folders of configs/, such as `policy`, choose a
    file.
    """
    known = [key for key, _ in default_keys(configs)]
    problems: list[str] = []
    overrides = []
    for name, value in given.items():
        key = name if name in CHOICES else full_key(name.replace("__", "."), known, problems)
        if key is not None:
            overrides.append(f"{key}={as_override(value)}")
    if problems:
        raise ScenarioError(problems)
    return overrides


def full_key(name: str, known: list[str], problems: list[str]) -> str | None:
    """The only key that ends in this name; None, after a line in `problems`, if there is none.

    A name with more than one part that fits no known key is taken as it is: groups of another
    population have keys that the default configuration lacks.
    """
    fitting = [key for key in known if key == name or key.endswith(f".{name}")]
    if name in fitting or len(fitting) == 1:
        return name if name in fitting else fitting[0]
    if fitting:
        problems.append(f"{name}: fits several keys; choose one of {', '.join(fitting)}")
    elif "." in name:
        return name
    else:
        close = nearest(name, known)
        problems.append(
            f"{name}: no key ends in this; " + (f"the closest is {close}" if close else "remove it")
        )
    return None


def as_override(value: Any) -> str:
    """A value as Hydra reads it on a command line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(as_override, value))}]"
    return str(value)
