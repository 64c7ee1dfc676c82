"""A policy as text: the overrides that experiments.run takes, and the YAML of its sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.results.result_folder import as_yaml


def policy_yaml(values: Mapping[str, Any]) -> str:
    """A policy as overrides that experiments.run takes, and as the YAML of its sections."""
    nested: Any = {}
    for key, value in values.items():
        nested = nested_with(nested, key.split("."), value)
    overrides = " ".join(
        f"{key}={'null' if value is None else value}" for key, value in values.items()
    )
    return f"# python -m experiments.run {overrides}\n{as_yaml(nested)}"


def nested_with(section: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """A nested mapping with a value at a path."""
    head, *rest = path
    inner = nested_with(section.get(head, {}), rest, value) if rest else value
    return {**section, head: inner}
