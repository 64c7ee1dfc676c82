"""`--from FOLDER` with a file chosen for a section: as without it, and everything else is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from experiments.configuration.earlier_settings import settings_from
from experiments.configuration.settings import ConfigError, load_settings
from experiments.results.result_folder import CONFIG, write_config


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the configuration of a result in which much differs from the defaults."""
    folder = tmp_path_factory.mktemp("earlier")
    given = ["policy.compliance=0.3", "levers=training", "seed=9", "market.scale=0.02"]
    write_config(folder / CONFIG, load_settings(given).resolved)
    return folder


def test_a_policy_chosen_after_from_was_refused_without_a_way_out(earlier: Path) -> None:
    found = settings_from(earlier, ["policy=cliff"])
    assert found.scenario.policy == load_settings(["policy=cliff"]).scenario.policy
    assert found.name == "cliff"
    assert found.scenario.seed == 9
    assert found.scenario.market.scale == 0.02
    assert found.scenario.levers == load_settings(["levers=training"]).scenario.levers
    assert found.overrides == ("policy=cliff",)


def test_a_whole_section_is_replaced_and_then_overridden(earlier: Path) -> None:
    found = settings_from(earlier, ["levers=none", "policy=blind_eye", "policy.compliance=0.8"])
    wanted = load_settings(["policy=blind_eye", "policy.compliance=0.8"]).scenario
    assert (found.scenario.levers, found.scenario.policy) == (wanted.levers, wanted.policy)


def test_a_name_of_one_s_own_is_kept(earlier: Path, tmp_path: Path) -> None:
    saved = yaml.safe_load((earlier / CONFIG).read_text(encoding="utf-8"))
    write_config(tmp_path / CONFIG, saved | {"name": "mine"})
    assert settings_from(tmp_path, ["policy=cliff"]).name == "mine"


def test_without_a_choice_the_saved_sections_stay(earlier: Path) -> None:
    assert settings_from(earlier, ["seed=3"]).scenario.policy.compliance == 0.3


def test_everything_that_is_wrong_is_named_at_once(earlier: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        settings_from(earlier, ["policy=clif", "seed=-4", "market.scal=2"])
    said = str(raised.value)
    assert "policy: given 'clif'" in said
    assert "policy=cliff" in said
    assert "seed: given -4" in said
    assert "market.scale" in said
    with pytest.raises(ConfigError, match="policy: given 'clif'"):
        settings_from(earlier, ["policy=clif"])
