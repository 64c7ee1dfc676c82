"""Results named by what was asked: `un2397-compliance-0.6`, `un2397-training-scale-0.1`.

A name says in what a configuration differs from the shipped files that it names. It depends on the
configuration alone, so that the same question has the same name however it was put.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from experiments.configuration.key_descriptions import default_keys
from experiments.configuration.parameter_values import FITTED_MARKET
from experiments.configuration.shipped_files import CONFIGS
from experiments.configuration.variants import canonical_text
from sim.inputs.dotted_keys import flatten

LONGEST_NAME, LONGEST_VALUE = 90, 20
AND_MORE = "and-more"
USUAL_POLICY = "un2397"
NAMED_APART = ("name", "replicates", "threads", "output_dir", "held")
"""Keys that say how a question is answered, not what it is."""


def asked_sweep_name(
    design: str,
    resolved: Mapping[str, Any],
    axes: Collection[str],
    own_axes: Collection[str],
    told: Collection[str] = (),
) -> str:
    """The name of a sweep: its design, axes beside the design's own, and what else differs.

    axes: keys that the sweep varies; own_axes: those of the design's file; told: keys that are not
    to be named. `un2397` is not named, as designs begin from it.
    """
    if (own := resolved.get("name")) not in (None, resolved["policy"]["name"]):
        return str(own)
    policy = str(resolved["policy"]["name"])
    added = [f"x-{short_name(key)}" for key in sorted(set(axes) - set(own_axes))]
    other = [] if "policy" in axes or policy == USUAL_POLICY else [policy]
    inside = {
        *told,
        *axes,
        *(key for axis in axes for key in flatten(resolved) if within(key, axis)),
    }
    return joined([design, *added, *other, *differences(resolved, inside)])


def within(key: str, section: str) -> bool:
    """Whether a key is in a section."""
    return key.startswith(f"{section}.")


def asked_name(resolved: Mapping[str, Any], leave_out: Collection[str] = ()) -> str:
    """The name of the result of a composed configuration, fit for a folder.

    A name of the user's own is kept as it is. `leave_out`: keys that are not to be named.
    """
    own, policy = resolved.get("name"), resolved["policy"]["name"]
    if own not in (None, policy):
        return str(own)
    return joined([str(policy), *differences(resolved, leave_out)])


def differences(resolved: Mapping[str, Any], leave_out: Collection[str] = ()) -> Iterator[str]:
    """What differs from the shipped files, each as `key-value` or as the name of a file."""
    market = str(resolved["market"]["name"])
    if market != FITTED_MARKET:
        yield market
    levers = chosen_levers(resolved["levers"])
    if levers not in (None, "none"):
        yield str(levers)
    known = dict(default_keys(CONFIGS))
    chosen = {
        "policy": resolved["policy"]["name"],
        "market": market,
        "population": market,
        "levers": levers or "none",
    }
    shipped = known | flatten(
        {group: shipped_section(group, str(n)) for group, n in chosen.items()}
    )
    for key, value in flatten(resolved).items():
        is_told = key.split(".")[0] in NAMED_APART or key in leave_out or key.endswith(".name")
        is_new = key in shipped and canonical_text(shipped[key]) != canonical_text(value)
        if is_new and not is_told:
            yield f"{short_name(key)}-{value_name(value)}"


def chosen_levers(section: Mapping[str, Any]) -> str | None:
    """The file of configs/levers that holds just these levers; None if none does."""
    own = {key: canonical_text(value) for key, value in flatten(section).items()}
    for file in sorted((CONFIGS / "levers").glob("*.yaml")):
        shipped = flatten(shipped_section("levers", file.stem))
        if own == {key: canonical_text(value) for key, value in shipped.items()}:
            return file.stem
    return None


def shipped_section(group: str, name: str) -> dict[str, Any]:
    """A file of configs/ on top of those of its folder that it begins from; empty if not there."""
    path = Path(CONFIGS, group, f"{name}.yaml")
    if not path.is_file():
        return {}
    own = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    merged: dict[str, Any] = {}
    for parent in own.pop("defaults", ()):
        if parent != "_self_":
            merged = with_section(merged, shipped_section(group, str(parent)))
    return with_section(merged, own)


def with_section(section: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A section with the values of another in place of its own."""
    merged = dict(section)
    for key, value in other.items():
        inner = merged.get(key)
        if isinstance(inner, Mapping) and isinstance(value, Mapping):
            merged[key] = with_section(inner, value)
        else:
            merged[key] = value
    return merged


def short_name(key: str) -> str:
    """The end of a key that tells what it is: `compliance`, `wage_subsidy.share`."""
    return ".".join(key.split(".")[-2 if key.count(".") > 1 else -1 :])


def value_name(value: object) -> str:
    """A value as part of a name."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return re.sub(r"[^\w.+-]+", "_", text).strip("_")[:LONGEST_VALUE] or "none"


def joined(parts: list[str]) -> str:
    """The parts as one name, without those for which there is no room."""
    name = parts[0]
    for part in parts[1:]:
        if len(name) + len(part) > LONGEST_NAME:
            return f"{name}-{AND_MORE}"
        name = f"{name}-{part}"
    return name
