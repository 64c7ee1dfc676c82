"""Overrides that Hydra can apply: each is tried, and a line explains every one that fails.

Hydra stops at the first mistake with a message about its own internals; users see all mistakes.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.configuration.hydra_options import SEARCHPATH, key_refusal
from sim.inputs.dotted_keys import all_keys
from sim.inputs.problems import nearest, refused, shortened, unknown

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

OF_SWEEPS = ("experiment", "executor")
"""Groups of configs/ that only a sweep has."""
FOLDERS = "a list of existing folders, such as [file:///home/me/configs]"
LONGEST_REASON = 500
LONGEST_OVERRIDE, DEEPEST_OVERRIDE = 8000, 20
"""Characters, and brackets in brackets: Hydra's parser takes minutes for longer ones."""


def composed_config(overrides: Sequence[str]) -> dict[str, Any]:
    """The configuration that Hydra composes, interpolations resolved, as plain data."""
    from hydra import compose
    from omegaconf import OmegaConf

    container = OmegaConf.to_container(compose("config", overrides=list(overrides)), resolve=True)
    return (
        {str(key): value for key, value in container.items()} if isinstance(container, dict) else {}
    )


def hydra_errors() -> tuple[type[Exception], ...]:
    """Everything that composing may raise; these errors have no common base class."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    of_python = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
    return (
        HydraException,
        OmegaConfBaseException,
        YAMLError,
        *of_python,
        RecursionError,
        UserWarning,
    )


def error_line(error: Exception) -> str:
    """An error in one line, with the place of a mistake in a YAML file."""
    from yaml import MarkedYAMLError

    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        place = f"{mark.name}: line {mark.line + 1}, column {mark.column + 1}"
        return f"{place}: {error.problem or error.context}; mend the file"
    if isinstance(error, UnicodeDecodeError):
        place = f"{error.reason} at byte {error.start:,}"
        return f"the file is no text in UTF-8 ({place}); save it as UTF-8"
    line = " ".join(str(error).split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}..."


def parsed_override(text: str, problems: list[str]) -> Override | None:
    """An override as Hydra parses it; None if it is malformed, with a line in `problems`."""
    entry = entry_of(text)
    if entry is None or not entry.key_or_group:
        form = f"key=value of up to {LONGEST_OVERRIDE} characters, such as policy.compliance=0.6"
        problems.append(
            f"{shortened(text)}: not an override; allowed: {form}; quote special characters"
        )
        return None
    if line := key_refusal(entry.key_or_group, entry.value()):
        problems.append(line)
        return None
    if entry.is_sweep_override():
        given, advice = text.split("=", 1)[-1], "give one; write a list as [a,b]"
        problems.append(refused(entry.key_or_group, given, "one value", advice))
        return None
    return entry


def entry_of(text: str) -> Override | None:
    """An override as Hydra parses it; None if it is malformed, too long or nested too deeply.

    Hydra lets errors of Python through, such as that for a number of more than 4,300 digits.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    if len(text) > LONGEST_OVERRIDE or depth_of(text) > DEEPEST_OVERRIDE:
        return None
    try:
        return OverridesParser.create().parse_override(text)
    except (HydraException, ValueError):
        return None


def depth_of(text: str) -> int:
    """The most brackets that are open at once."""
    steps = ((each in "[{(") - (each in "]})") for each in text)
    return max(itertools.accumulate(steps), default=0)


def override_text(entry: Override) -> str:
    """An override as it was given."""
    return str(entry.input_line)


def applicable_overrides(entries: Sequence[Override], problems: list[str]) -> list[str]:
    """The overrides that Hydra can apply, in an order in which each can be tried.

    Hydra's own settings come first, as they may add folders of choices; then choices of files,
    which bring the keys that values set; values that refer to others come last.
    """
    hydras = [entry for entry in entries if entry.key_or_group.startswith("hydra")]
    own = [override_text(entry) for entry in hydras if _hydra_takes(entry, problems)]
    folders = [
        folder for entry in hydras if override_text(entry) in own for folder in _folders(entry)
    ]
    rest = [entry for entry in entries if entry not in hydras]
    groups = {
        *options("", folders=True),
        *(path.name for folder in folders for path in folder.iterdir() if path.is_dir()),
    }
    choices = [
        entry
        for entry in rest
        if entry.key_or_group in groups and not isinstance(entry.value(), dict)
    ]
    searched = folders, len(own) < len(hydras)
    accepted = [
        *own,
        *(
            override_text(entry)
            for entry in choices
            if _choice_exists(entry, own, searched, problems)
        ),
    ]
    return _with_values([entry for entry in rest if entry not in choices], accepted, problems)


def _with_values(
    entries: Sequence[Override], accepted: list[str], problems: list[str]
) -> list[str]:
    """The accepted overrides with every override of a value that can be applied after them."""
    composed = composed_config(accepted)
    for entry in sorted(entries, key=lambda entry: "${" in override_text(entry)):
        tried = _composed_with(entry, accepted, composed, problems)
        if tried is not None:
            composed, accepted = tried, [*accepted, override_text(entry)]
    return accepted


def options(group: str, folders: bool = False) -> list[str]:
    """The files to choose from in a folder of configs/, or its folders."""
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.object_type import ObjectType

    kind = ObjectType.GROUP if folders else ObjectType.CONFIG
    return GlobalHydra.instance().config_loader().get_group_options(group, kind)


def _folders(entry: Override) -> list[Path]:
    """The folders on disk that an override of hydra.searchpath adds."""
    value = entry.value() if entry.key_or_group == SEARCHPATH else None
    texts = [str(each).removeprefix("file://") for each in value] if isinstance(value, list) else []
    return [Path(text) for text in texts if "://" not in text]


def _hydra_takes(entry: Override, problems: list[str]) -> bool:
    """Whether an override of Hydra's own settings is valid; folders to search must exist."""
    missing = [str(folder) for folder in _folders(entry) if not folder.is_dir()]
    if missing:
        problems.append(
            f"{SEARCHPATH}: no such folder: {', '.join(missing)}; allowed: {FOLDERS}; "
            "mend the path or leave it out"
        )
        return False
    try:
        composed_config([override_text(entry)])
    except hydra_errors():
        allowed = FOLDERS if entry.key_or_group == SEARCHPATH else "what Hydra takes"
        problems.append(
            refused(entry.key_or_group, entry.value(), allowed, "mend it or leave it out")
        )
        return False
    return True


def _choice_exists(
    entry: Override, own: Sequence[str], searched: tuple[Sequence[Path], bool], problems: list[str]
) -> bool:
    """Whether the file that an override chooses can be composed.

    own: Hydra's own overrides; searched: the user's own folders, and whether one is missing.
    """
    if entry.key_or_group in OF_SWEEPS and not entry.is_add():
        own_text = override_text(entry)
        advice = f"give it to a sweep: python -m experiments.sweep {own_text}"
        allowed = "no key of a single run"
        problems.append(refused(entry.key_or_group, entry.value(), allowed, advice))
        return False
    try:
        composed_config([*own, override_text(entry)])
    except hydra_errors() as error:
        group, (folders, some_missing) = entry.key_or_group, searched
        known = sorted(
            {
                *options(group),
                *(path.stem for folder in folders for path in (folder / group).glob("*.yaml")),
            }
        )
        if str(entry.value()) in known:
            problems.append(f"{override_text(entry)}: {error_line(error)}")
            return False
        close = nearest(str(entry.value()), known)
        advice = f"the closest is {group}={close}" if close else "choose one of them"
        if some_missing:
            advice = f"if it is in the folder that does not exist, mend {SEARCHPATH} first"
        problems.append(refused(group, entry.value(), f"one of {', '.join(known)}", advice))
        return False
    return True


def _composed_with(
    entry: Override, accepted: Sequence[str], composed: Mapping[str, Any], problems: list[str]
) -> dict[str, Any] | None:
    """The configuration with one more override; None if its key or value cannot be applied."""
    key, known = entry.key_or_group, all_keys(composed)
    if not entry.is_add() and (key not in known or entry.package is not None):
        problems.append(unknown(key, entry.value(), known))
        return None
    try:
        return composed_config([*accepted, override_text(entry)])
    except hydra_errors() as error:
        inner = [
            name.removeprefix(f"{key}.")
            for name in known
            if name.startswith(f"{key}.") and "." not in name.removeprefix(f"{key}.")
        ]
        if inner:
            advice = f"set them one by one, such as {key}.{inner[0]}=VALUE"
            problems.append(
                refused(key, entry.value(), f"a section with {', '.join(inner)}", advice)
            )
        else:
            given, reason = shortened(override_text(entry)), error_line(error)
            problems.append(f"{given}: {reason}; change the override")
        return None
