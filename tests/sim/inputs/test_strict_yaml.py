"""YAML is read as plain data, and a text that is not is refused in one way."""

from __future__ import annotations

import pytest
import yaml

from sim.inputs.strict_yaml import LONGEST, plain_yaml

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{this}: &{this} [{', '.join([f'*{last}'] * 10)}]"
    for last, this in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        "9" * 5000,
        "seed: " + "9" * 5000,
        "[" * 3000 + "]" * 3000,
        "{a: " * 3000 + "1" + "}" * 3000,
        "a: &a [*a]",
        "!!bool x",
        "!!timestamp x",
        "!!int ''",
        "!!float x",
        "!!int 0b",
        "0x_",
        "? [a]\n: 1",
        "a: 1\na: 2",
        "a: [",
        "\x00",
        "%YAML 9",
        "- *b",
        "!!python/object/apply:os.system [x]",
        "x" * (LONGEST + 1),
        BOMB,
    ],
)
def test_what_is_no_plain_data_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        plain_yaml(text)


def test_dates_stay_text_and_a_reference_stands_for_what_it_names() -> None:
    assert plain_yaml("a: 2017-09-11\nb: 2019-99-99\nc: &c [1, 2]\nd: *c") == {
        "a": "2017-09-11",
        "b": "2019-99-99",
        "c": [1, 2],
        "d": [1, 2],
    }
