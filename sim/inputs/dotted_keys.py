"""Values in nested mappings and dataclasses, addressed by dotted keys such as `policy.compliance`.

A section is a mapping or a dataclass instance; every other value is a leaf.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any, get_type_hints

REQUIRED = object()
"""Default of `value_at` when the value must exist."""


def is_section(value: object) -> bool:
    """Whether a value holds further values by name."""
    return isinstance(value, Mapping) or (
        dataclasses.is_dataclass(value) and not isinstance(value, type)
    )


def flatten(section: Any, prefix: str = "") -> dict[str, Any]:
    """Every leaf by its dotted key, in order; `prefix` is put before each key."""
    leaves: dict[str, Any] = {}
    for name, value in _entries(section):
        if is_section(value):
            leaves |= flatten(value, f"{prefix}{name}.")
        else:
            leaves[f"{prefix}{name}"] = value
    return leaves


def all_keys(section: Any, prefix: str = "") -> list[str]:
    """Dotted keys of every section and every leaf; a section comes before what it holds."""
    keys: list[str] = []
    for name, value in _entries(section):
        keys.append(f"{prefix}{name}")
        if is_section(value):
            keys += all_keys(value, f"{prefix}{name}.")
    return keys


def value_at(section: Any, key: str, default: Any = REQUIRED) -> Any:
    """The value at a dotted key, or the section itself for an empty key.

    Raises KeyError if there is no such value and no default is given.
    """
    value = section
    for name in key.split(".") if key else ():
        if not _has(value, name):
            if default is REQUIRED:
                raise KeyError(key)
            return default
        value = _entry(value, name)
    return value


def replace_at(section: Any, key: str, value: Any) -> Any:
    """A copy of a section with another value at an existing dotted key.

    The original is not changed; sections off the path to the key are shared with it.
    Raises KeyError if the key does not exist.
    """
    name, _, rest = key.partition(".")
    if not _has(section, name):
        raise KeyError(key)
    inner = replace_at(_entry(section, name), rest, value) if rest else value
    if isinstance(section, Mapping):
        return {**section, name: inner}
    return dataclasses.replace(section, **{name: inner})


@functools.cache
def annotations_of(record: type) -> Mapping[str, Any]:
    """Annotation of each field of a dataclass; cached, as a fit reads many scenarios."""
    return get_type_hints(record, include_extras=True)


@functools.cache
def declared_keys(record: type, prefix: str = "") -> tuple[str, ...]:
    """Dotted keys that a dataclass declares, with those of the dataclasses it is made of."""
    keys: list[str] = []
    for name, annotation in annotations_of(record).items():
        keys.append(f"{prefix}{name}")
        if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
            keys += declared_keys(annotation, f"{prefix}{name}.")
    return tuple(keys)


@functools.cache
def _field_names(record: Any) -> tuple[str, ...]:
    """Names of a dataclass's fields; cached, as sweeps flatten thousands of scenarios."""
    return tuple(field.name for field in dataclasses.fields(record))


def _names(section: Any) -> tuple[str, ...]:
    """Names of the values directly in a section."""
    kind: Any = type(section)
    return tuple(section) if isinstance(section, Mapping) else _field_names(kind)


def _entries(section: Any) -> Iterator[tuple[str, Any]]:
    """Names and values directly in a section."""
    for name in _names(section):
        yield str(name), _entry(section, name)


def _has(section: Any, name: str) -> bool:
    """Whether a value is a section with an entry of this name."""
    return is_section(section) and name in _names(section)


def _entry(section: Any, name: str) -> Any:
    """The entry of this name."""
    return section[name] if isinstance(section, Mapping) else getattr(section, name)
