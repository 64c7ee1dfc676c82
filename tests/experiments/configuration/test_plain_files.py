"""A folder of somebody else's configurations looks nothing up and multiplies nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hydra._internal.sources_registry import SourcesRegistry

from experiments.configuration.settings import ConfigError, load_settings
from experiments.configuration.shipped_files import CONFIGS
from experiments.sweeps.design.sweep_settings import load_sweep

SHIPPED = (CONFIGS / "policy" / "cliff.yaml").read_text(encoding="utf-8")
LOOK_UPS = (
    "name: ${oc.env:SECRET}",
    '"${oc.env:SECRET}": 1',
    "name: ${${x}:SECRET}\nx: oc.env",
    'name: "\\x24{oc.env:SECRET}"',
    "name: [[a, '${oc.env:SECRET}']]",
    "defaults: ['${oc.env:SECRET}', _self_]",
)


def said_of(tmp_path: Path, text: str, load: object = load_settings) -> str:
    """What is said of a policy file in a folder of one's own."""
    (tmp_path / "policy").mkdir(exist_ok=True)
    (tmp_path / "policy" / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load([f"hydra.searchpath=[file://{tmp_path}]", "policy=mine"])  # type: ignore[operator]
    return str(refused.value)


@pytest.mark.parametrize("text", LOOK_UPS)
def test_it_does_not_see_the_environment(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hunter2")
    said = said_of(tmp_path, f"{text}\n")
    assert f"{tmp_path}/policy/mine.yaml: " in said
    assert "calls a resolver in ${...:...}; write what it stands for" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("load", [load_settings, load_sweep])
def test_an_alias_bomb_is_refused_at_once(tmp_path: Path, load: object) -> None:
    bomb = "".join(
        f"{this}: &{this} [{', '.join([f'*{last}' if last else 'x'] * 10)}]\n"
        for last, this in zip(["", *"abcdefghi"], "abcdefghij", strict=True)
    )
    said = said_of(tmp_path, bomb, load)
    assert f"{tmp_path}/policy/mine.yaml: line 5, " in said
    assert "more than 20000 values; mend the file" in said


def test_values_may_refer_to_one_another(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "mine.yaml").write_text(
        SHIPPED.replace("name: cliff", "name: of_${market.name}"), encoding="utf-8"
    )
    settings = load_settings([f"hydra.searchpath=[file://{tmp_path}]", "policy=mine"])
    assert settings.scenario.policy.name == "of_primorye"


def test_no_package_is_imported_to_look_for_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "strangers").mkdir()
    (tmp_path / "strangers" / "__init__.py").write_text("raise SystemExit('was imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match=r"hydra\.searchpath|policy: given 'mine'"):
        load_settings(["hydra.searchpath=[pkg://strangers]", "policy=mine"])


def test_hydra_reads_files_as_before_afterwards() -> None:
    before = dict(SourcesRegistry.instance().types)
    load_settings(["policy=cliff"])
    assert dict(SourcesRegistry.instance().types) == before


def test_what_a_sweep_takes_is_no_alias_bomb() -> None:
    with pytest.raises(ConfigError, match=r"policy\.compliance"):
        load_sweep(["policy.compliance=*a,*b"])
