"""Which overrides Hydra can apply: each is tried by itself, and every one that it cannot take gets a line that says why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.inputs.problems import nearest, refused, unknown

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

SEARCHPATH = "hydra.searchpath"
FOLDERS = "a list of folders that are there, such as [file:///home/me/configs]"


def put_together(overrides: Sequence[str]) -> dict[str, Any]:
    """What Hydra composes, interpolations resolved, as plain data."""
    from hydra import compose
    from omegaconf import OmegaConf

    container = OmegaConf.to_container(compose("config", overrides=list(overrides)), resolve=True)
    return (
        {str(key): value for key, value in container.items()} if isinstance(container, dict) else {}
    )


def broken() -> tuple[type[Exception], ...]:
    """What Hydra raises, as it is not one family."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    return HydraException, OmegaConfBaseException, YAMLError, ValueError, TypeError, UserWarning


def said(error: Exception) -> str:
    """What is wrong in one line; of a YAML file that cannot be read its place too."""
    from yaml import MarkedYAMLError

    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"{mark.name}: line {mark.line + 1}, column {mark.column + 1}: {error.problem or error.context}; mend the file"
    return " ".join(str(error).split())


def parsed(text: str, problems: list[str]) -> Override | None:
    """An override as Hydra reads it."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        entry = OverridesParser.create().parse_override(text)
    except HydraException:
        entry = None
    if entry is None or not entry.key_or_group:
        problems.append(
            f"{text}: not an override; allowed: key=value, such as policy.compliance=0.6; quote special characters"
        )
        return None
    if entry.is_sweep_override():
        problems.append(
            refused(
                entry.key_or_group,
                text.split("=", 1)[-1],
                "one value",
                "give one; for a list write [a,b]",
            )
        )
        return None
    return entry


def text_of(entry: Override) -> str:
    """An override as it was given."""
    return str(entry.input_line)


def applicable(entries: Sequence[Override], problems: list[str]) -> list[str]:
    """The overrides that Hydra can apply, choices of files before values, values that point to others last."""
    hydras = [entry for entry in entries if entry.key_or_group.startswith("hydra")]
    own = [text_of(entry) for entry in hydras if _hydra_takes(entry, problems)]
    folders = [folder for entry in hydras if text_of(entry) in own for folder in _folders(entry)]
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
    found = [
        entry
        for entry in choices
        if _choice_exists(entry, own, (folders, len(own) < len(hydras)), problems)
    ]
    accepted = [*own, *(text_of(entry) for entry in found)]
    now = put_together(accepted)
    for entry in sorted(
        (entry for entry in rest if entry not in choices), key=lambda entry: "${" in text_of(entry)
    ):
        tried = _with(entry, accepted, now, problems)
        if tried is not None:
            now, accepted = tried, [*accepted, text_of(entry)]
    return accepted


def options(group: str, folders: bool = False) -> list[str]:
    """Files to choose from in a folder of configs/, or its folders."""
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.object_type import ObjectType

    return (
        GlobalHydra.instance()
        .config_loader()
        .get_group_options(group, ObjectType.GROUP if folders else ObjectType.CONFIG)
    )


def _folders(entry: Override) -> list[Path]:
    """The folders that hydra.searchpath adds, as far as they are folders of the disk."""
    value = entry.value() if entry.key_or_group == SEARCHPATH else None
    texts = [str(each).removeprefix("file://") for each in value] if isinstance(value, list) else []
    return [Path(text) for text in texts if "://" not in text]


def _hydra_takes(entry: Override, problems: list[str]) -> bool:
    """Whether a setting of Hydra itself is one; folders to search must be there."""
    missing = [str(folder) for folder in _folders(entry) if not folder.is_dir()]
    if missing:
        problems.append(
            f"{SEARCHPATH}: no such folder: {', '.join(missing)}; allowed: {FOLDERS}; mend the path or leave it out"
        )
        return False
    try:
        put_together([text_of(entry)])
    except broken():
        allowed = FOLDERS if entry.key_or_group == SEARCHPATH else "what Hydra takes"
        problems.append(
            refused(entry.key_or_group, entry.value(), allowed, "mend it or leave it out")
        )
        return False
    return True


def _choice_exists(
    entry: Override, own: Sequence[str], searched: tuple[Sequence[Path], bool], problems: list[str]
) -> bool:
    """Whether the file that an override chooses can be composed. searched: further folders, and whether some could not be searched."""
    try:
        put_together([*own, text_of(entry)])
    except broken() as error:
        group, (folders, some_missing) = entry.key_or_group, searched
        known = sorted(
            {
                *options(group),
                *(path.stem for folder in folders for path in (folder / group).glob("*.yaml")),
            }
        )
        if str(entry.value()) in known:
            problems.append(f"{text_of(entry)}: {said(error)}")
            return False
        close = nearest(str(entry.value()), known)
        advice = f"the closest is {group}={close}" if close else "choose one of them"
        if some_missing:
            advice = f"or one of the folder that could not be searched: mend {SEARCHPATH} first"
        problems.append(refused(group, entry.value(), f"one of {', '.join(known)}", advice))
        return False
    return True


def _with(
    entry: Override, accepted: Sequence[str], now: Mapping[str, Any], problems: list[str]
) -> dict[str, Any] | None:
    """What is composed with one more override; None if its key is not there or cannot take the value."""
    key, known = entry.key_or_group, list(paths(now))
    if not entry.is_add() and (key not in known or entry.package is not None):
        problems.append(unknown(key, entry.value(), known))
        return None
    try:
        return put_together([*accepted, text_of(entry)])
    except broken() as error:
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
            problems.append(f"{text_of(entry)}: {said(error)}; change the override")
        return None


def paths(value: object, prefix: str = "") -> Iterator[str]:
    """Dotted paths of all keys of a nested mapping; with a prefix, that of the mapping too."""
    if prefix:
        yield prefix.removesuffix(".")
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        yield from paths(inner, f"{prefix}{name}.")
