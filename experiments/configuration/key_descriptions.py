"""Every key of a configuration in words: its default, what it may hold, and what it means.

Defaults come from configs/, ranges and units from the annotations that the checks enforce, and
meanings from key_meanings.yaml. Nothing here needs Hydra, so that help is quick.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_origin

import yaml

from experiments.configuration.run_keys import RunKeys
from sim.inputs.dotted_keys import annotations_of, flatten
from sim.inputs.values import allowed
from sim.scenario import SHARE, Scenario
from sim.workers.kinds import KINDS

MEANINGS = Path(__file__).with_name("key_meanings.yaml")
LARGEST_SHARE = f"0 to 1 ({SHARE.unit})"


class KeyDescription(NamedTuple):
    """A key with its default, what may be given, and what it means."""

    key: str
    default: Any
    allowed: str
    meaning: str


def key_descriptions(configs: Path) -> Iterator[KeyDescription]:
    """Every key of the default configuration in a folder such as configs/, in its order."""
    defaults = dict(default_keys(configs))
    kinds = {
        key.split(".")[1]: str(kind)
        for key, kind in defaults.items()
        if key.startswith("population.") and key.endswith(".kind")
    }
    for key, default in defaults.items():
        yield KeyDescription(key, default, allowed_at(key, kinds), meaning_of(key, kinds))


def default_keys(configs: Path) -> Iterator[tuple[str, Any]]:
    """Every dotted key of the default configuration with its value."""
    main = yaml.safe_load((configs / "config.yaml").read_text(encoding="utf-8"))
    chosen = [choice for choice in main.pop("defaults") if isinstance(choice, Mapping)]
    yield from flatten(main).items()
    for choice in chosen:
        for group, name in choice.items():
            text = (configs / group / f"{name}.yaml").read_text(encoding="utf-8")
            yield from flatten(yaml.safe_load(text), f"{group}.").items()


@functools.cache
def meanings() -> Mapping[str, str]:
    """What keys mean; those of a group stand under its kind: population.resident.pool."""
    return flatten(yaml.safe_load(MEANINGS.read_text(encoding="utf-8")))


def meaning_of(key: str, kinds: Mapping[str, str]) -> str:
    """What a key means. kinds: the kind of each group by its name."""
    parts = key.split(".")
    if parts[0] == "population":
        parts = ["population", kinds[parts[1]], parts[2]]
    return meanings()[".".join(parts)]


def allowed_at(key: str, kinds: Mapping[str, str]) -> str:
    """What may be given at a key, in the words in which a wrong value is refused."""
    first, *rest = key.split(".")
    if first in annotations_of(RunKeys):
        return allowed(annotations_of(RunKeys)[first])
    if first == "population":
        group, *rest = rest
        if rest == ["kind"]:
            return ", ".join(KINDS)
        annotation: Any = KINDS[kinds[group]].configuration
    else:
        annotation = annotations_of(Scenario)[first]
    for name in rest:
        if get_origin(annotation) is dict:
            return LARGEST_SHARE
        annotation = annotations_of(annotation)[name]
    return LARGEST_SHARE if get_origin(annotation) is dict else allowed(annotation)
