"""What the README tells users to type works."""

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from experiments.configuration.settings import load_settings
from experiments.documentation.generated_pages import PAGES
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text()
COMMANDS = sorted(
    {
        line.split("#")[0].strip()
        for line in README.splitlines()
        if re.match(r"(uv run|\.venv/bin/)", line)
    }
)
WRITTEN = {"recovery.md", "validation.md", "FILE.md"}
"""Documents that a command writes, or that stand for one."""
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.S)


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if " -m experiments." in command]
)
def test_a_command_names_a_module_and_settings_that_exist(command: str) -> None:
    words = shlex.split(command)
    module, rest = words[words.index("-m") + 1], words[words.index("-m") + 2 :]
    assert importlib.util.find_spec(module) is not None
    if module == "experiments.run":
        values = [word for word in rest if not word.startswith("-")]
        for value in values:
            key, _, choices = value.partition("=")
            for choice in choices.split(","):
                load_settings([word for word in values if word != value] + [f"{key}={choice}"])


def test_the_running_model_is_read_as_shown() -> None:
    (snippet,) = [snippet for snippet in SNIPPETS if "LabourMarket" in snippet]
    seen: dict[str, object] = {}
    exec(
        compile(snippet.replace("market.scale=0.1", "market.scale=0.01"), "README.md", "exec"), seen
    )
    assert seen["market"].month == 12


def test_no_file_refers_to_a_document_that_is_not_in_the_repository() -> None:
    suffixes = {".py", ".md", ".yaml", ".html", ".toml"}
    files = [
        path
        for folder in ("sim", "experiments", "configs", "docs", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes
    ]
    there = {Path(name).name for name in [ROOT / "README.md", *files, *PAGES]} | WRITTEN
    named = {
        (name, path.name)
        for path in files
        for name in re.findall(r"([\w-]+\.md)\b", path.read_text(encoding="utf-8"))
    }
    assert {(name, path) for name, path in named if name not in there} == set()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_a_link_leads_to_a_file_of_the_repository(target: str) -> None:
    assert (ROOT / target).exists()
