"""Run ids: hash of resolved configuration, evidence, code version, seed and replicate, whatever the design a run belongs to."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from experiments.configuration.variants import Value, canonical_text, typed_value
from experiments.sweeps.design.design import GROUPS, Design
from sim.inputs.dotted_keys import flatten
from sim.scenario import Scenario

BYTES = 16
SPACE = 1 << (8 * BYTES)


def leaf_hash(key: str, text: str) -> int:
    """Hash of one value of a configuration."""
    return int.from_bytes(hashlib.blake2b(f"{key}={text}".encode(), digest_size=BYTES).digest())


def leaves(scenario: Scenario) -> dict[str, str]:
    """Every single value of a scenario as it is hashed; the seed apart."""
    return {key: canonical_text(value) for key, value in flatten(scenario).items() if key != "seed"}


@dataclass(frozen=True)
class Version:
    """What a run depends on beside its configuration."""

    code: str
    evidence: str


def current_version() -> Version:
    """This checkout's."""
    from experiments.results.provenance import evidence_hash
    from sim.engine.compiling import source_hash

    return Version(source_hash(), evidence_hash())


class Identity:
    """Ids of a design's runs. A configuration's hash is the sum of its values' hashes, so that a point costs what it changes."""

    def __init__(self, design: Design, version: Version) -> None:
        self.design, self.version = design, version
        self._bases: dict[tuple[Value, ...], tuple[Scenario, dict[str, str], int]] = {}

    def ids(self) -> Iterator[list[str]]:
        """For each point its replicates' ids, in order."""
        tail = f"|{self.version.code}|{self.version.evidence}|{self.design.scenario.seed}|"
        ends = [f"{tail}{replicate}".encode() for replicate in range(self.design.replicates)]
        for point in self.design.points():
            head = f"{self.config_hash(point.values):032x}".encode()
            yield [hashlib.blake2b(head + end, digest_size=BYTES).hexdigest() for end in ends]

    def config_hash(self, values: Mapping[str, Value]) -> int:
        """Hash of the resolved configuration that a point stands for."""
        chosen = tuple(values[group] for group in GROUPS if group in values)
        if chosen not in self._bases:
            base = self.design.base(values)
            texts = leaves(base)
            self._bases[chosen] = (
                base,
                texts,
                sum(leaf_hash(key, text) for key, text in texts.items()) % SPACE,
            )
        _, texts, total = self._bases[chosen]
        for key, value in values.items():
            if key not in GROUPS:
                total += self._leaf(key, value) - (leaf_of(key, texts[key]) if key in texts else 0)
        return total % SPACE

    @functools.cache  # noqa: B019
    def _leaf(self, key: str, value: Any) -> int:
        """Hash of an axis value, written as the scenario holds it."""
        return leaf_hash(key, canonical_text(typed_value(self.design.scenario, key, value)))


leaf_of = functools.cache(leaf_hash)


def fixed_values(design: Design) -> dict[str, str]:
    """What a store holds fixed: every value of the configuration that no axis and no draw varies."""
    varied = design.keys
    texts = leaves(design.scenario)
    return {
        key: text
        for key, text in texts.items()
        if not any(key == own or key.startswith(f"{own}.") for own in varied)
    }
