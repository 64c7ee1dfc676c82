"""Every key is described: its default, what may be given, and what it means."""

from pathlib import Path

import pytest
import yaml

from experiments.configuration.key_descriptions import (
    allowed_at,
    key_descriptions,
    meaning_of,
    meanings,
)
from experiments.configuration.run_help import help_text
from experiments.configuration.run_keys import RunKeys
from experiments.configuration.settings import load_settings
from experiments.configuration.shipped_files import CONFIGS
from sim.inputs.dotted_keys import annotations_of, declared_keys, flatten, is_section
from sim.inputs.problems import ScenarioError
from sim.scenario import Levers, Market, Policy
from sim.structure import Structure
from sim.workers.kinds import KINDS

RECORDS = {"market": Market, "policy": Policy, "levers": Levers, "structure": Structure}


def declared() -> set[str]:
    """Every key that may be set, those of groups under their kind."""
    keys = set(declared_keys(RunKeys)) | {"seed", "start", "months"}
    for section, record in RECORDS.items():
        every = declared_keys(record, f"{section}.")
        keys |= {key for key in every if not any(other.startswith(f"{key}.") for other in every)}
    for kind in KINDS.values():
        keys |= {f"population.{kind.key}.{name}" for name in annotations_of(kind.configuration)}
    return keys


def test_every_key_has_a_meaning_and_no_meaning_lacks_a_key() -> None:
    assert set(meanings()) == declared()


@pytest.mark.parametrize("market", ["primorye", "german_border_1991", "bracero_states_1964"])
def test_the_keys_of_every_shipped_market_are_described(market: str) -> None:
    resolved = load_settings([f"market={market}", f"population={market}"]).resolved
    kinds = {name: group["kind"] for name, group in resolved["population"].items()}
    for key in flatten(resolved):
        assert meaning_of(key, kinds)
        assert allowed_at(key, kinds)


@pytest.mark.slow
def test_what_may_be_given_is_told_in_the_words_of_the_refusal() -> None:
    for each in key_descriptions(CONFIGS):
        if "trade_shares" in each.key or each.key.endswith(".kind"):
            continue
        with pytest.raises(ScenarioError) as refused:
            load_settings([f"{each.key}=[[]]"])
        assert each.allowed in str(refused.value), each.key


def test_defaults_are_those_that_a_run_has() -> None:
    resolved = flatten(load_settings().resolved)
    for each in key_descriptions(CONFIGS):
        if each.key != "name" and not is_section(each.default):
            assert str(resolved[each.key]) == str(each.default)


def test_help_shows_a_folder_s_own_default(tmp_path: Path) -> None:
    for name in (*RECORDS, "population"):
        (tmp_path / name).mkdir()
    main = yaml.safe_load((CONFIGS / "config.yaml").read_text(encoding="utf-8"))
    for choice in main["defaults"][:-1]:
        for group, file in choice.items():
            text = (CONFIGS / group / f"{file}.yaml").read_text(encoding="utf-8")
            (tmp_path / group / f"{file}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(main | {"months": 84}), encoding="utf-8")
    text = help_text(tmp_path)
    assert "  months=84\n      Length of the simulation. Allowed: a whole number 1 to 126" in text
