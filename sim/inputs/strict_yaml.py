"""YAML as plain data: text, numbers, lists and mappings, and nothing that does more.

Dates stay text. Refused are keys given twice, of which YAML would silently drop one; references to
other places of the text that multiply without end; what is nested too deeply; and values that
cannot be made.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from sim.inputs.problems import ScenarioError, shown

DEEPEST = 20
"""Sections in sections: more than any file of this program has."""
LONGEST = 500_000
MOST_VALUES = 20_000
"""Characters and values of a file: about ten times as many as the longest of this program has."""


class PlainLoader(yaml.SafeLoader):
    """Plain YAML without dates and repeated keys, and no larger than the limits above."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.depth = self.values = 0
        self.values_in: dict[int, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """The next node of the text; a reference counts with all the values that it repeats."""
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        is_reference, before = self.check_event(yaml.AliasEvent), self.values
        if self.depth >= DEEPEST:
            raise yaml.composer.ComposerError(None, None, f"nested deeper than {DEEPEST}", mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        if is_reference and id(node) not in self.values_in:
            raise yaml.composer.ComposerError(None, None, "contains itself", mark)
        self.values += self.values_in[id(node)] if is_reference else 1
        if self.values > MOST_VALUES:
            raise yaml.composer.ComposerError(None, None, f"more than {MOST_VALUES} values", mark)
        self.values_in.setdefault(id(node), self.values - before)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys are all different."""
        given = Counter(str(key.value) for key, _ in node.value)
        twice = sorted(key for key, times in given.items() if times > 1)
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"given twice: {', '.join(twice)}", node.start_mark
            )
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """The value of a node; PyYAML raises errors of many kinds where there is none."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            raise yaml.constructor.ConstructorError(
                None, None, f"not a value: {shown(str(node.value))}", node.start_mark
            ) from None


PlainLoader.yaml_implicit_resolvers = {
    letter: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def plain_yaml(text: str) -> Any:
    """The value that a YAML text describes; raises yaml.YAMLError where there is none."""
    if len(text) > LONGEST:
        raise yaml.YAMLError(f"{len(text):,} characters; allowed: up to {LONGEST:,}")
    return yaml.load(text, PlainLoader)


def place(path: Path) -> str:
    """A file named by its last folders, the same on every machine."""
    return "/".join(path.parts[-3:])


def load_mapping(path: Path) -> dict[Any, Any]:
    """The mapping in a YAML file, or a ScenarioError that names the file."""
    try:
        loaded = plain_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            [f"{place(path)}: file missing or unreadable ({type(error).__name__}); restore it"]
        ) from None
    except yaml.YAMLError as error:
        raise ScenarioError(
            [f"{place(path)}: not valid YAML: {what_is_wrong(error)}; mend the file or restore it"]
        ) from None
    if not isinstance(loaded, dict) or not loaded:
        raise ScenarioError(
            [
                f"{place(path)}: given {shown(loaded)}; "
                "needs a mapping of names to entries; restore the file"
            ]
        )
    return loaded


def what_is_wrong(error: yaml.YAMLError) -> str:
    """What is wrong and where, without the file's path."""
    mark = getattr(error, "problem_mark", None)
    line = f" in line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None)
    if problem is None and type(error) is yaml.YAMLError:
        problem = str(error)
    return f"{problem or 'unreadable characters'}{line}"
