"""Run ids: a run is known by what determines its numbers, not by the sweep that asked for it.

An id hashes the resolved configuration, the code, the evidence, the seed and the replicate. A
finer grid or more replicates therefore find the runs of the coarser sweep in its store.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from experiments.configuration.variants import Value, canonical_text, typed_value
from experiments.sweeps.design.design import CONFIG_GROUPS, Design, files_of
from sim.inputs.dotted_keys import flatten
from sim.scenario import Scenario

HASH_BYTES = 16
HASH_VALUES = 1 << (8 * HASH_BYTES)


def value_hash(key: str, text: str) -> int:
    """Hash of one value of a configuration under its key."""
    content = f"{key}={text}".encode()
    return int.from_bytes(hashlib.blake2b(content, digest_size=HASH_BYTES).digest())


cached_value_hash = functools.cache(value_hash)


def hashed_texts(scenario: Scenario) -> dict[str, str]:
    """Every single value of a scenario as the text that is hashed, except the seed."""
    return {key: canonical_text(value) for key, value in flatten(scenario).items() if key != "seed"}


@dataclass(frozen=True)
class Version:
    """What a run depends on besides its configuration: hashes of the code and the evidence."""

    code: str
    evidence: str


def current_version() -> Version:
    """The version of this checkout."""
    from experiments.results.provenance import evidence_hash
    from sim.engine.compiling import source_hash

    return Version(source_hash(), evidence_hash())


class RunIds:
    """Computes the ids of a design's runs.

    The hash of a configuration is the sum of the hashes of its values, so that a point costs as
    much as the values it changes: designs have up to a million runs.
    """

    def __init__(self, design: Design, version: Version) -> None:
        self.design, self.version = design, version
        self._bases: dict[tuple[Value, ...], tuple[dict[str, str], int]] = {}

    def ids(self) -> Iterator[list[str]]:
        """For each point the ids of its replicates, in order."""
        tail = f"|{self.version.code}|{self.version.evidence}|{self.design.scenario.seed}|"
        ends = [f"{tail}{replicate}".encode() for replicate in range(self.design.replicates)]
        for point in self.design.points():
            head = f"{self.config_hash(point.values):032x}".encode()
            own = (ends[replicate] for replicate in self.design.replicates_of(point.draw))
            yield [hashlib.blake2b(head + end, digest_size=HASH_BYTES).hexdigest() for end in own]

    def config_hash(self, values: Mapping[str, Value]) -> int:
        """Hash of the resolved configuration of a point."""
        texts, total = self._base(values)
        for key, value in values.items():
            if key not in CONFIG_GROUPS:
                replaced = cached_value_hash(key, texts[key]) if key in texts else 0
                total += self._value_hash(key, value) - replaced
        return total % HASH_VALUES

    def _base(self, values: Mapping[str, Value]) -> tuple[dict[str, str], int]:
        """Texts and hash of the configuration under the files that a point chooses; cached."""
        files = files_of(values)
        if files not in self._bases:
            texts = hashed_texts(self.design.base(values))
            total = sum(value_hash(key, text) for key, text in texts.items()) % HASH_VALUES
            self._bases[files] = texts, total
        return self._bases[files]

    @functools.cache  # noqa: B019  # an instance lives as long as the plan is being made
    def _value_hash(self, key: str, value: Any) -> int:
        """Hash of an axis value in the form in which the scenario holds it."""
        return value_hash(key, canonical_text(typed_value(self.design.scenario, key, value)))


def fixed_values(design: Design) -> dict[str, str]:
    """Every value of the configuration that no axis and no draw varies, as text by key."""
    varied = design.keys
    return {
        key: text
        for key, text in hashed_texts(design.scenario).items()
        if not any(key == own or key.startswith(f"{own}.") for own in varied)
    }
