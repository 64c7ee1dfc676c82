"""Numbers of a nested configuration by dotted key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def value_at(config: Mapping[str, Any], key: str) -> float | None:
    """The number at a key; None where there is none."""
    value: Any = config
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, int | float) else None
