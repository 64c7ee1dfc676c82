"""YAML for evidence and cases.

Dates stay text, and a key given twice is an error: plain YAML would silently drop one value.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sim.inputs.problems import ScenarioError, shown


class _Loader(yaml.SafeLoader):
    """Plain YAML without dates and without repeated keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [str(key.value) for key, _ in node.value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"given twice: {', '.join(twice)}", node.start_mark
            )
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    letter: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def place(path: Path) -> str:
    """A file named by its last folders, the same on every machine."""
    return "/".join(path.parts[-3:])


def load_mapping(path: Path) -> dict[Any, Any]:
    """The mapping in a YAML file, or a ScenarioError that names the file."""
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            [f"{place(path)}: file missing or unreadable ({type(error).__name__}); restore it"]
        ) from None
    except yaml.YAMLError as error:
        raise ScenarioError(
            [f"{place(path)}: not valid YAML: {_said(error)}; mend the file or restore it"]
        ) from None
    if not isinstance(loaded, dict) or not loaded:
        raise ScenarioError(
            [
                f"{place(path)}: given {shown(loaded)}; "
                "needs a mapping of names to entries; restore the file"
            ]
        )
    return loaded


def _said(error: yaml.YAMLError) -> str:
    """What is wrong and where, without the file's path."""
    mark = getattr(error, "problem_mark", None)
    line = f" in line {mark.line + 1}" if mark else ""
    return f"{getattr(error, 'problem', None) or 'unreadable characters'}{line}"
