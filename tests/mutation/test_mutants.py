"""The mutants themselves: what is changed, what is left alone, and that a change takes effect."""

from __future__ import annotations

from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant, key_of, mutants_of

SOURCE = '''\
"""A module."""

LIMIT = 3
TABLE = {"twice": lambda x: 2 * x}


def capped(x: float, least: float = 0.0) -> float:
    """Not below 1."""
    if x < 1.0:
        raise ValueError(f"{x + 1} is too small")
    total = 0
    total += min(x, least)
    return total if x >= 2.0 else -total


class Named:
    def is_one(self, x: int) -> bool:
        return x == 1
'''


@pytest.fixture
def mutants(tmp_path: Path) -> list[Mutant]:
    path = tmp_path / "module.py"
    path.write_text(SOURCE, encoding="utf-8")
    return list(mutants_of(path))


def test_each_kind_of_error_is_made_once_where_something_is_computed(mutants: list[Mutant]) -> None:
    assert {(mutant.place, mutant.change) for mutant in mutants} == {
        ("TABLE", "2 * x -> 2 / x"),
        ("TABLE", "2 -> 3"),
        ("capped", "x < 1.0 -> x <= 1.0"),
        ("capped", "x < 1.0 -> x >= 1.0"),
        ("capped", "1.0 -> 2.0"),
        ("capped", "0 -> 1"),
        ("capped", "total += min(x, least) -> total -= min(x, least)"),
        ("capped", "min(x, least) -> max(x, least)"),
        ("capped", "total if x >= 2.0 else -total -> -total if x >= 2.0 else total"),
        ("capped", "x >= 2.0 -> x > 2.0"),
        ("capped", "x >= 2.0 -> x < 2.0"),
        ("capped", "2.0 -> 3.0"),
        ("capped", "-total -> total"),
        ("Named.is_one", "x == 1 -> x != 1"),
        ("Named.is_one", "1 -> 2"),
    }


def test_a_mutant_is_known_by_its_line_s_text_and_not_by_its_number(mutants: list[Mutant]) -> None:
    (negation,) = (each for each in mutants if each.change == "-total -> total")
    assert negation.key == ("capped", "return total if x >= 2.0 else -total", "-total -> total")
    assert negation.line == 13


def test_the_code_of_a_mutant_replaces_that_of_the_function(mutants: list[Mutant]) -> None:
    module: dict[str, Any] = {}
    exec(compile(SOURCE, "module.py", "exec"), module)
    function: FunctionType = module["capped"]
    assert function(1.5, 0.5) == -0.5
    for mutant in mutants:
        if mutant.change == "-total -> total":
            function.__code__ = mutant.codes[key_of(function.__code__)]
    assert function(1.5, 0.5) == 0.5
