"""From a command line to a checked sweep.

A preset of configs/experiment names axes and samplings; key=a,b,c on the command line adds an
axis; every other key has one value for all runs.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from experiments.configuration.asked_names import asked_sweep_name
from experiments.configuration.keys import repeated_keys
from experiments.configuration.keys_without_effect import keys_without_effect_anywhere
from experiments.configuration.multirun import single_overrides
from experiments.configuration.settings import (
    ConfigError,
    Settings,
    checked_settings,
    compose,
    held_parameters,
)
from experiments.configuration.shipped_files import CONFIGS
from experiments.configuration.variants import Value
from experiments.ensembles.uncertainty import NONE
from experiments.sweeps.design.axes import Axis
from experiments.sweeps.design.composed_design import Source, Varied, composed_design
from experiments.sweeps.design.design import Design
from experiments.sweeps.design.preset_axes import read_axes, read_samplings
from experiments.sweeps.design.sampling import METHODS
from experiments.sweeps.design.sweep_keys import (
    DEFAULT_FILES,
    DEFAULT_VALUES,
    SHARED_KEYS,
    ExecutorSettings,
    StoreSettings,
)
from sim.inputs.problems import refused
from sim.inputs.scenario_reader import Reader
from sim.inputs.strict_yaml import load_mapping, plain_yaml

NOT_FOR_SWEEPS = {
    "threads": "give executor.workers",
    "every_draw_scale": "a design draws as many points as it says, all at market.scale",
}
"""Keys of experiments.run that a sweep refuses, each with what to give in its place."""
OWN_DRAWS = {
    "uncertainty": "the design has draws of its own; leave it out",
    "held": "set the parameters that are not to be sampled, such as population.russian.pool=150000",
}
"""Those that only a design without draws of its own takes."""


@dataclass(frozen=True)
class SweepSettings:
    """One checked sweep.

    `base` are the settings of a single run that the design varies; `resolved` is the whole
    configuration as it is written to config.yaml.
    """

    name: str
    design: Design
    base: Settings
    executor: ExecutorSettings
    store: StoreSettings
    resolved: dict[str, Any]


def load_sweep(
    overrides: Sequence[str] = (), configs: Path = CONFIGS, preset: Mapping[str, Any] | None = None
) -> SweepSettings:
    """Settings of a sweep; raises ConfigError with everything that is wrong.

    `preset` is the design of a command that makes its own, in place of a file's.
    """
    notes = repeated_keys(overrides)
    single, swept = split_overrides(overrides)
    files = chosen_files(single)
    rest = [text for text in single if key_of(text) not in DEFAULT_FILES]
    fixed = {key_of(text) for text in rest}
    check_preset(files["experiment"], [configs, *search_folders(rest)])
    composed, problems = compose([*added_overrides(files), *rest], configs)
    own = {name: composed.pop(name, {}) for name in DEFAULT_FILES}
    store = {name: composed.pop(name) for name in DEFAULT_VALUES if name in composed}
    is_own = preset is not None
    if preset is None:
        preset = own["experiment"] if isinstance(own["experiment"], Mapping) else {}
    composed |= {
        name: preset[name]
        for name in ("replicates", "seed")
        if name in preset and name not in fixed
    }
    refused_keys = dict(NOT_FOR_SWEEPS)
    if is_own or has_draws(preset):
        composed["uncertainty"] = NONE
        refused_keys |= OWN_DRAWS
    executor = read_section(ExecutorSettings, own["executor"], "executor", problems)
    store_settings = read_section(StoreSettings, store, "", problems)
    problems += [
        f"{key}: not a key of sweeps; {advice}"
        for key, advice in refused_keys.items()
        if key in fixed
    ]
    axes = read_axes(preset, swept, fixed, problems, notes)
    varied = Varied(axes, read_samplings(preset, composed.get("seed"), problems))
    problems += [] if problems else executor_problems(executor)
    problems += store_problems(store_settings, composed, fixed)
    held = held_parameters(composed, [*rest, *(f"{axis.key}=" for axis in axes)])
    base = checked_settings(composed | {"held": held}, problems, overrides)
    design = composed_design(base, varied, Source(rest, configs))
    # A command that makes its own design may also vary what would have no effect otherwise.
    ineffective = [] if is_own else keys_without_effect_anywhere(design, overrides)
    design = dataclasses.replace(design, notes=(*notes, *design.notes, *ineffective))
    resolved = {**base.resolved, "experiment": preset, **store, "executor": own["executor"]}
    name = name_of(files["experiment"], base.resolved, axes, preset, fixed)
    return SweepSettings(name, design, base, executor, store_settings, resolved)


def name_of(
    file: str,
    resolved: Mapping[str, Any],
    axes: Sequence[Axis],
    preset: Mapping[str, Any],
    fixed: Container[str],
) -> str:
    """The name of a sweep; what its design's file sets is told by the name of the file."""
    parts = preset.get("axes")
    grid = parts.get("grid") if isinstance(parts, Mapping) else {}
    told = [key for key in ("seed", "uncertainty") if key not in fixed]
    return asked_sweep_name(file, resolved, [axis.key for axis in axes], grid or {}, told)


def has_draws(preset: Mapping[str, Any]) -> bool:
    """Whether a design samples parameters itself."""
    parts = preset.get("axes")
    return isinstance(parts, Mapping) and bool(set(METHODS) & set(parts))


def key_of(override: str) -> str:
    """The key that an override sets."""
    return override.split("=", 1)[0].lstrip("+")


def chosen_files(overrides: Sequence[str]) -> dict[str, str]:
    """The files chosen for the groups that only a sweep has."""
    given = dict(text.split("=", 1) for text in overrides if "=" in text)
    return {group: given.get(group, default) for group, default in DEFAULT_FILES.items()}


def added_overrides(files: Mapping[str, str]) -> list[str]:
    """Overrides that add the groups and keys of a sweep to the configuration of a run."""
    return [f"+{key}={value}" for key, value in (*files.items(), *DEFAULT_VALUES.items())]


def split_overrides(overrides: Sequence[str]) -> tuple[list[str], dict[str, list[Value]]]:
    """Overrides with one value, and the values by key of those with several.

    An override such as policy.compliance=0,0.5,1 has several. If a key is given twice, the last
    override counts. Raises ConfigError.
    """

    single, swept, problems = [], {}, []
    for key, text in {text.split("=", 1)[0]: text for text in overrides}.items():
        options = single_overrides(text)
        if len(options) == 1:
            single += options
        elif key.split(".")[0] in SHARED_KEYS:
            allowed = "one value for all runs of a sweep"
            problems.append(refused(key, text.split("=", 1)[1], allowed, "give one"))
        else:
            swept[key] = [plain_value(option, problems) for option in options]
    if problems:
        raise ConfigError(problems)
    return single, swept


def plain_value(option: str, problems: list[str]) -> Any:
    """The value of an override; None, after a line in `problems`, if it is no value."""
    key, _, text = option.partition("=")
    try:
        return plain_yaml(text)
    except yaml.YAMLError:
        problems.append(refused(key, text, "values with commas between", "mend it"))
        return None


def search_folders(overrides: Sequence[str]) -> list[Path]:
    """Folders of the user that hydra.searchpath adds to configs/."""
    return [
        Path(found)
        for text in overrides
        if text.startswith("hydra.searchpath=")
        for found in re.findall(r"file://([^,\]'\"]+)", text)
    ]


def check_preset(name: str, folders: Sequence[Path]) -> None:
    """Raise ScenarioError, naming file and line, if a preset's file is no YAML mapping.

    A preset that does not exist is left for Hydra to refuse: it lists those that do.
    """
    for path in (folder / "experiment" / f"{name}.yaml" for folder in folders):
        if path.is_file():
            load_mapping(path)


def executor_problems(executor: ExecutorSettings) -> list[str]:
    """Settings that the chosen executor would ignore."""
    rules = (
        (
            executor.kind == "local" and executor.address is not None,
            ("address", executor.address, "null with executor=local"),
            "add executor=dask, or leave it out",
        ),
        (
            executor.kind == "dask" and executor.pool != "auto",
            ("pool", executor.pool, "auto with executor=dask"),
            "leave it out",
        ),
        (
            executor.address is not None and executor.workers is not None,
            ("workers", executor.workers, "null for a cluster that is running"),
            "leave it out",
        ),
    )
    return [
        refused(f"executor.{key}", given, allowed, advice)
        for is_ignored, (key, given, allowed), advice in rules
        if is_ignored
    ]


def store_problems(
    store: StoreSettings | None, composed: Mapping[str, Any], fixed: Container[str]
) -> list[str]:
    """A folder for outputs that would be ignored, as the store has one of its own."""
    if store is None or store.store is None or "output_dir" not in fixed:
        return []
    allowed = "no folder beside store=, in which everything is written"
    return [refused("output_dir", composed.get("output_dir"), allowed, "leave one of them out")]


def read_section(kind: type, given: object, key: str, problems: list[str]) -> Any:
    """A record of settings; what is wrong is appended to `problems`."""
    reader = Reader(kind)
    record = reader.record(kind, key, given)
    problems += reader.problems
    return record
