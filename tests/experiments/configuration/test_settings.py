"""From overrides to settings: valid ones, mistyped ones, and all mistakes reported together."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest
import yaml

from experiments.configuration.settings import ConfigError, load_settings
from experiments.configuration.shipped_files import CONFIGS
from sim.inputs.dotted_keys import all_keys
from sim.inputs.problems import RENAMED_KEYS, ScenarioError
from sim.scenario import Scenario
from tests.support.shipped_scenarios import make_scenario, make_settings

POLICIES = ["un2397", "none", "retain_10000", "blind_eye", "cliff", "observed"]
CENTRAL_ASIAN = (
    "+population.central_asian={kind: resident, employed: 8000, pool: 20000,"
    " trade_shares: {structural: 0.6, finishing: 0.4}, seeker_share: 0.03, taste_sd: 0.5,"
    " choice_noise: 0.3, job_finding_elasticity: 0.25, reconsider_rate_per_month: 0.1,"
    " job_end_rate_per_month: 0.03,"
    " on_the_job_search_rate_per_month: 0.1,"
    " learner_efficiency: 0.8, learning_months: 6}"
)


def problems(*overrides: str) -> tuple[str, ...]:
    """The lines of the error that these overrides raise."""
    with pytest.raises(ConfigError) as caught:
        load_settings(overrides)
    return caught.value.problems


def test_defaults_are_the_main_job() -> None:
    settings = make_settings()
    assert (settings.name, settings.replicates, settings.threads, settings.output_dir) == (
        "un2397",
        30,
        None,
        "outputs",
    )
    assert (
        settings.scenario.seed,
        settings.scenario.start.isoformat(),
        settings.scenario.months,
    ) == (1, "2016-01-01", 60)
    assert settings.scenario.market.scale == 1.0


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_composes_and_names_the_run(policy: str) -> None:
    settings = make_settings(f"policy={policy}")
    assert settings.name == settings.scenario.policy.name == policy
    assert settings.overrides == (f"policy={policy}",)


def test_every_policy_file_is_tried() -> None:
    assert sorted(path.stem for path in (CONFIGS / "policy").glob("*.yaml")) == sorted(POLICIES)


def test_policies_are_what_they_are_called() -> None:
    policies = {name: make_scenario(f"policy={name}").policy for name in POLICIES}
    none, cliff, blind = policies["none"], policies["cliff"], policies["blind_eye"]
    assert (none.new_contracts_end_from, none.adopted_from, none.leave_by) == (None, None, None)
    assert (cliff.new_contracts_end_from, cliff.adopted_from, cliff.transport_per_month) == (
        None,
        None,
        None,
    )
    assert (blind.compliance, blind.quiet_renewal) == (0.0, 1.0)
    assert policies["retain_10000"].retained_workers == 10_000


@pytest.mark.parametrize("path", sorted(CONFIGS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.splitlines()) <= 65


def test_overrides_reach_the_scenario() -> None:
    scenario = make_scenario(
        "policy.compliance=0.6",
        "policy.inspection_rate=0.1",
        "market.scale=0.1",
        "seed=7",
        "months=84",
        "start=2016-03",
        "market=primorye",
    )
    assert (scenario.policy.compliance, scenario.policy.inspection_rate, scenario.market.scale) == (
        0.6,
        0.1,
        0.1,
    )
    assert (scenario.seed, scenario.months, scenario.start.isoformat()) == (7, 84, "2016-03-01")


def test_levers_combine_with_any_policy_by_plain_overrides() -> None:
    scenario = make_scenario(
        "policy=blind_eye",
        "levers.chinese_quota.heads=20000",
        "levers.chinese_quota.from_date=2018-01",
        "levers.wage_subsidy.share=0.1",
        "levers.wage_subsidy.from_date=2018-01",
        "levers.wage_subsidy.to_date=2019-06",
        "levers.relocation_grant.rub=100000",
        "levers.relocation_grant.from_date=2018-03-15",
        "levers.training.places_per_month=50",
        "levers.training.from_date=2018-01",
        "levers.border_closed.from_date=2020-03",
    )
    assert scenario.levers.chinese_quota.heads == 20_000
    assert scenario.levers.border_closed.from_date is not None


def test_run_keys_reach_the_settings(tmp_path: Path) -> None:
    settings = make_settings(
        "name=first-try.2", "replicates=3", "threads=2", f"output_dir='{tmp_path} x/y'"
    )
    assert (settings.name, settings.replicates, settings.threads) == ("first-try.2", 3, 2)
    assert settings.output_dir == f"{tmp_path} x/y"
    assert settings.resolved["name"] == "first-try.2"


def test_resolved_is_plain_data_that_composes_to_the_same_scenario() -> None:
    from sim.inputs.scenario_reader import build_scenario

    settings = make_settings("policy=cliff", "months=30")
    again = yaml.safe_load(yaml.safe_dump(settings.resolved))
    keys = get_type_hints(Scenario)
    assert build_scenario({key: again[key] for key in keys}) == settings.scenario


def test_a_fourth_nationality_is_added_by_config_alone() -> None:
    scenario = make_scenario(CENTRAL_ASIAN, "population.central_asian.pool=24000")
    assert list(scenario.population) == ["north_korean", "chinese", "russian", "central_asian"]
    assert scenario.population["central_asian"].trade_shares["technical"] == 0.0


def test_a_user_s_own_folder_of_choices_is_found(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    shipped = (CONFIGS / "policy" / "un2397.yaml").read_text(encoding="utf-8")
    (tmp_path / "policy" / "mine.yaml").write_text(
        shipped.replace("name: un2397", "name: mine"), encoding="utf-8"
    )
    assert load_settings([f"hydra.searchpath=[file://{tmp_path}]", "policy=mine"]).name == "mine"


MISTAKES = [
    (
        "policy.complience=0.6",
        "policy.complience: no such key (given 0.6); the closest existing key is policy.compliance",
    ),
    ("compliance=0.6", "the closest existing key is policy.compliance"),
    ("replicate=5", "the closest existing key is replicates"),
    ("+replicate=5", "the closest existing key is replicates"),
    ("+policy.complianc=1", "the closest existing key is policy.compliance"),
    ("~population.chines", "the closest existing key is population.chinese"),
    (
        "market.production.technique_adjustment_months=12",
        "it is now called market.production.technology_adjustment_months; write that name instead",
    ),
    (
        "population.russian.look_around_rate_per_month=0.1",
        "it is now called population.russian.on_the_job_search_rate_per_month; write that name",
    ),
    (
        "held=[population.russian.look_around_rate_per_month]",
        "the closest is population.russian.on_the_job_search_rate_per_month",
    ),
    (
        "policy=un2379",
        "policy: given 'un2379'; allowed: one of blind_eye, cliff, none, observed, retain_10000, "
        "un2397",
    ),
    ("policy=un2379", "the closest is policy=un2397"),
    ("policy=null", "policy: given null; allowed: one of blind_eye"),
    ("market=primorje", "the closest is market=primorye"),
    ("policy.compliance=1.5", "policy.compliance: given 1.5; allowed: 0 to 1 (probability)"),
    ("policy.compliance=nan", "policy.compliance: given nan"),
    ("policy.compliance=abc", "policy.compliance: given 'abc'"),
    ("policy.compliance=", "policy.compliance: given ''"),
    ("policy.compliance=???", "policy.compliance: missing"),
    ("policy.compliance=${nothing}", "nothing"),
    ("replicates=0", "replicates: given 0; allowed: a whole number 1 to 100000 (replicates)"),
    ("replicates=2.5", "replicates: given 2.5"),
    ("replicates=true", "replicates: given true"),
    ("threads=0", "threads: given 0; allowed: a whole number 1 to 4096 (threads), or null"),
    ("months=127", "months: given 127; allowed: a whole number 1 to 126 (months)"),
    ("seed=-1", "seed: given -1"),
    ("seed=1,2,3", "seed: given '1,2,3'; allowed: one value"),
    ("name=a/b", "name: given 'a/b'"),
    ("name=..", "name: given '..'"),
    ("output_dir=''", "output_dir: given ''; allowed: the path of a folder"),
    ("start=2018-01", "policy.new_contracts_end_from: given '2017-09-11'"),
    ("market.scale=0", "market.scale: given 0; allowed: 0.0005 to 100 (model workers per worker)"),
    ("population=[1]", "population"),
    ("~policy", "policy: missing"),
    ("~months", "months: missing"),
    ("nonsense", "nonsense: not an override"),
    ("a=b=c", "a=b=c: not an override"),
    ("=3", "=3"),
    (
        "hydra.searchpath=[file:///no/such/folder]",
        "hydra.searchpath: no such folder: /no/such/folder; allowed: a list of existing folders",
    ),
    (
        "hydra.searchpath=/tmp",
        "hydra.searchpath: given '/tmp'; allowed: a list of existing folders",
    ),
    (
        "hydra.nonsense=1",
        "hydra.nonsense: given 1; allowed: of Hydra's settings only hydra.searchpath",
    ),
    (
        "market.firms=[1]",
        "market.firms: given [1]; allowed: a section with number, size_sd_log, "
        "size_floor_of_median; set them one by one",
    ),
    (
        "population.russian={a: 1}",
        "population.russian: given {'a': 1}; allowed: a section with kind, employed",
    ),
    ("+levers.training=3", "levers.training: given 3; allowed: a section with places_per_month"),
]


@pytest.mark.parametrize(("override", "message"), MISTAKES)
def test_a_mistake_is_named_with_what_is_allowed(override: str, message: str) -> None:
    assert any(message in line for line in problems(override)), problems(override)


def test_every_renamed_key_has_a_present_name_that_exists() -> None:
    known = {key.rpartition(".")[2] for key in all_keys(make_settings().resolved)}
    assert set(RENAMED_KEYS.values()) <= known
    assert not set(RENAMED_KEYS) & known


def test_all_mistakes_are_listed_at_once_whichever_layer_finds_them() -> None:
    wrong = [
        "policy=un2379",
        "policy.complience=0.6",
        "seed=1,2",
        "nonsense",
        "replicates=0",
        "months=200",
        "+policy.new=1",
        "market.firms.number=0",
    ]
    starts = {line.split(":")[0] for line in problems(*wrong)}
    assert starts == {
        "policy",
        "policy.complience",
        "seed",
        "nonsense",
        "replicates",
        "months",
        "policy.new",
        "market.firms.number",
    }


@pytest.mark.parametrize(
    "bad",
    [
        "market.firms=[1]",
        "population.russian={a: 1}",
        "hydra.searchpath=[/no/such]",
        "hydra.nonsense=1",
    ],
)
def test_an_override_that_cannot_be_merged_hides_no_other(bad: str) -> None:
    lines = problems("policy.compliance=null", bad, "levers.training=5")
    assert [line.split(":")[0] for line in lines] == [
        bad.split("=")[0],
        "policy.compliance",
        "levers.training",
    ]
    assert not any("append" in line or "merging" in line for line in lines)


def test_a_file_that_is_no_yaml_is_named_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    broken = tmp_path / "policy" / "removal.yaml"
    broken.write_text("# removal\nname: removal\ntransport_per_month: [\n", encoding="utf-8")
    (line,) = problems(f"hydra.searchpath=[file://{tmp_path}]", "policy=removal")
    assert line.startswith(f"policy=removal: {broken}: line 4, column 1: ")
    assert line.endswith("; mend the file")


def test_a_default_file_that_is_no_yaml_is_named_too(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    broken = tmp_path / "configs" / "policy" / "un2397.yaml"
    broken.write_text("name: un2397\n  compliance: 1\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings([], tmp_path / "configs")
    assert f"{broken}: line 2, column 13: " in caught.value.problems[0]


def test_a_choice_is_not_called_missing_where_its_folder_could_not_be_searched(
    tmp_path: Path,
) -> None:
    path, choice = problems(f"hydra.searchpath=[file://{tmp_path / 'gone'}]", "policy=mine")
    assert path.startswith(f"hydra.searchpath: no such folder: {tmp_path / 'gone'}")
    assert choice.endswith("mend hydra.searchpath first")


def test_a_mistyped_choice_is_told_those_of_the_user_s_own_folder_too(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "removal.yaml").write_text("name: removal\n", encoding="utf-8")
    (line,) = problems(f"hydra.searchpath=[file://{tmp_path}]", "policy=removl")
    assert "removal, retain_10000" in line
    assert line.endswith("the closest is policy=removal")


def test_a_good_override_survives_a_bad_one() -> None:
    assert not any("compliance:" in line for line in problems("policy.compliance=0.5", "seeed=3"))


@pytest.mark.parametrize("text", ["name: [", "policy: 3", "", "- 1"])
def test_a_broken_configuration_file_is_refused(tmp_path: Path, text: str) -> None:
    for path in CONFIGS.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(CONFIGS)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "policy" / "un2397.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError):
        load_settings([], tmp_path)


def test_a_missing_configuration_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="configs"):
        load_settings([], tmp_path / "none")


def test_composing_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    load_settings(["policy=cliff"])
    problems("policy=nope")
    assert list(tmp_path.iterdir()) == []


def test_the_science_imports_neither_hydra_nor_plotly() -> None:
    code = (
        "import sys, sim.inputs.scenario_reader, sim.inputs.dated_inputs, "
        "experiments.configuration.settings; "
        "sys.exit(any(name in sys.modules for name in ('hydra', 'plotly')))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=CONFIGS.parent, check=False).returncode
        == 0
    )
