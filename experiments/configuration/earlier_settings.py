"""Settings that begin from the configuration of an earlier result, as `--from FOLDER` does."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.configuration.settings import ConfigError, Settings, compose, load_settings
from experiments.configuration.shipped_files import CONFIGS
from experiments.results.result_folder import CONFIG, read_mapping, write_config

GROUPS = ("market", "population", "policy", "levers", "structure")
"""Folders of configs/ of which a scenario has one file each, as a section of the same name."""


def settings_from(folder: Path, overrides: Sequence[str]) -> Settings:
    """The settings of an earlier result with these overrides.

    `policy=cliff` puts the file of that name in the place of the whole section, as it would without
    an earlier result. Raises ConfigError with everything that is wrong.
    """
    saved = read_mapping(folder / CONFIG)
    choices = [text for text in overrides if is_choice(text, folder)]
    if not choices:
        return load_settings(overrides, folder)
    own = [text for text in overrides if text.startswith("hydra.")]
    composed, problems = compose([*own, *choices], CONFIGS)
    groups = [text.partition("=")[0] for text in choices]
    begun = with_sections(saved, {group: composed[group] for group in groups})
    with tempfile.TemporaryDirectory() as place:
        write_config(Path(place, CONFIG), begun)
        rest = [text for text in overrides if text not in choices]
        settings = settings_or_problems(rest, Path(place), problems)
    return dataclasses.replace(settings, overrides=tuple(overrides))


def settings_or_problems(
    overrides: Sequence[str], configs: Path, problems: Sequence[str]
) -> Settings:
    """Settings; raises ConfigError if something is wrong here or was before."""
    try:
        settings = load_settings(overrides, configs)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from None
    if problems:
        raise ConfigError(problems)
    return settings


def is_choice(override: str, folder: Path) -> bool:
    """Whether an override chooses a shipped file for a section."""
    key, sign, value = override.partition("=")
    is_a_name = bool(sign) and not value.lstrip().startswith("{")
    return is_a_name and key in GROUPS and not (folder / key).is_dir()


def with_sections(saved: Mapping[str, Any], sections: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with other sections; a result that was named after its policy still is."""
    policy = saved.get("policy")
    was_named_after_it = isinstance(policy, dict) and saved.get("name") == policy.get("name")
    is_renamed = was_named_after_it and "policy" in sections
    return {**saved, **sections, **({"name": None} if is_renamed else {})}
