"""Cases: what is given to the program, made from a seed and a number alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from experiments.explorer.address import KEYS
from experiments.explorer.controls import BY_KEY, CONTROLS
from experiments.fuzzing.base_inputs import LEVERS, POLICIES, bases, configuration
from experiments.fuzzing.changes import (
    ALLOWED,
    ANY,
    HOSTILE_TEXTS,
    Configuration,
    allowed_number,
    changed,
    quantities,
)
from sim.inputs.dotted_keys import all_keys, flatten
from sim.inputs.problems import shown

CONFIGURATION, RUN, SAVED, OVERRIDES, FILES, ADDRESS, FOLDER, STORE = KINDS = (
    "configuration", "run", "saved file", "overrides", "files", "address", "result folder", "store",
)  # fmt: skip
WEIGHTS = (70.0, 13.5, 6.0, 0.2, 0.1, 8.0, 1.5, 0.7)
"""How many of a hundred cases are of each kind: those that take Hydra or a run are rarer."""
BYTES = (b"\x00", b"\xff", b"\xfe\xff", b"<", b"{", b"[" * 3000, b"9" * 5000, b"*a", b"\n\t", b": ",
         b"${oc.env:HOME}", b"NaN", b"-", b"null")  # fmt: skip


ABSENT = object()


@dataclass(frozen=True)
class Case:
    """One case: `given` is a configuration, overrides, a text, or how files are damaged."""

    seed: int
    number: int
    kind: str
    given: Any

    def command(self) -> str:
        """The command that tries this case again."""
        return f"python -m experiments.fuzz seed={self.seed} first={self.number} n=1"


def make_case(seed: int, number: int) -> Case:
    """The case of a seed and a number: the same on every machine and in any order."""
    random_ = random.Random(f"{seed}/{number}")
    (kind,) = random_.choices(KINDS, WEIGHTS)
    return Case(seed, number, kind, MAKERS[kind](random_))


def any_configuration(random_: random.Random) -> Configuration:
    """A shipped market with whatever changes."""
    return changed(random_, start_of(random_), ANY)


def start_of(random_: random.Random) -> Configuration:
    """The configuration of a shipped market under some policy and lever."""
    return configuration(random_.choice(bases()), random_.choice(POLICIES), random_.choice(LEVERS))


def run_configuration(random_: random.Random) -> Configuration:
    """A small and short shipped market, changed within what is allowed."""
    given = start_of(random_)
    given["market"]["scale"] = random_.choice((0.002, 0.005, 0.01, 0.02))
    given["months"] = random_.choice((1, 6, 13, 30, 60))
    given["seed"], given["uncertainty"] = random_.randrange(1000), "none"
    return changed(random_, given, ALLOWED)


def saved_text(random_: random.Random) -> bytes:
    """A saved configuration as YAML, with bytes changed, cut out or put in."""
    text = yaml.safe_dump(changed(random_, start_of(random_), ALLOWED), sort_keys=False)
    return damaged(random_, text.encode())


def damaged(random_: random.Random, content: bytes) -> bytes:
    """Content with one to four damages."""
    for _ in range(random_.randint(1, 4)):
        at = random_.randrange(len(content) + 1)
        match random_.randrange(5):
            case 0:
                content = content[:at]
            case 1:
                content = content[:at] + random_.choice(BYTES) + content[at:]
            case 2:
                content = content[:at] + content[at + random_.randint(1, 40) :]
            case 3:
                end = at + random_.randint(1, 200)
                content = content[:end] + content[at:]
            case _:
                content = content[:at] + bytes([random_.randrange(256)]) + content[at + 1 :]
    return content


def random_overrides(random_: random.Random) -> list[str]:
    """Overrides of a shipped market, valid and not."""
    base = random_.choice(bases())
    keys = all_keys(configuration(base, "none", "none"))
    return [*base.overrides(), *(one_override(random_, keys) for _ in range(random_.randint(1, 3)))]


def one_override(random_: random.Random, keys: list[str]) -> str:
    """One override: a number in its range, rubbish, or a key added or removed."""
    key = random_.choice(keys)
    quantity = quantities().get(key.rpartition(".")[2])
    value = (
        repr(allowed_number(random_, quantity, random_.random() < 0.5))
        if quantity and random_.random() < 0.6
        else random_.choice((*HOSTILE_TEXTS, "[[a]]", "{a:1}", "[" * 300, "1,2", "range(1,3)"))
    )
    sign = random_.choice(("", "", "", "", "+", "++", "~"))
    return f"{sign}{key}" if sign == "~" else f"{sign}{key}={value}"


def own_files(random_: random.Random) -> dict[str, bytes]:
    """Files of one's own for market and population, changed and perhaps damaged."""
    given = changed(random_, start_of(random_), ANY)
    files = {}
    for name in ("market", "population"):
        try:
            text = yaml.safe_dump(given.get(name), sort_keys=False).encode()
        except (yaml.YAMLError, RecursionError, ValueError):
            text = b"[" * 3000
        files[name] = damaged(random_, text) if random_.random() < 0.3 else text
    return files


def address(random_: random.Random) -> str:
    """The query of a link to the explorer."""
    pairs = []
    for _ in range(random_.randint(0, 6)):
        key = random_.choice((*KEYS, "policy.complience", "utm_source", "<b>"))
        control = BY_KEY.get(key) or random_.choice(CONTROLS)
        inside = random_.uniform(control.low, control.high)
        value = random_.choice((str(inside), str(round(inside)), *POLICIES, *HOSTILE_TEXTS))
        pairs.append(f"{key}={value}")
    text = "&".join(pairs)
    return text if random_.random() < 0.8 else damaged(random_, text.encode()).decode("latin-1")


@dataclass(frozen=True)
class Damage:
    """What happens to a finished result or store: a file by its place in the list, and a seed."""

    place: float
    seed: int


def damage(random_: random.Random) -> Damage:
    """Damage to some file."""
    return Damage(random_.random(), random_.randrange(2**32))


MAKERS: dict[str, Callable[[random.Random], Any]] = {
    CONFIGURATION: any_configuration,
    RUN: run_configuration,
    SAVED: saved_text,
    OVERRIDES: random_overrides,
    FILES: own_files,
    ADDRESS: address,
    FOLDER: damage,
    STORE: damage,
}


def described(case: Case) -> str:
    """The kind of a case and what it gives, at most a screen of it."""
    given = case.given
    if case.kind in (CONFIGURATION, RUN):
        given = {key: shown(value) for key, value in differences(flatten(given)).items()}
    try:
        text = str(given)
    except (ValueError, RecursionError):
        text = shown(given)
    return f"{case.kind}: {text[:3000]}"


def differences(given: dict[str, Any]) -> dict[str, Any]:
    """Where a configuration differs from the shipped one that is most like it; None: left out."""
    found = []
    for base in bases():
        whole = flatten(configuration(base, "none", "none"))
        other = {key: value for key, value in given.items() if whole.get(key, ABSENT) != value}
        found.append(other | dict.fromkeys(whole.keys() - given.keys()))
    return min(found, key=len)
