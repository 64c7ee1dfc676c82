"""The documentation: its site is whole and needs no network, and every code block in it runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from experiments.cli import commands, main
from experiments.command import REFUSED
from experiments.configuration.key_descriptions import key_descriptions
from experiments.configuration.shipped_files import CONFIGS, DOCS
from experiments.documentation.generated_pages import keys_page, without_links_to_files
from experiments.documentation.site import build_site

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FROM_ELSEWHERE = re.compile(r"""<(?:script|img|iframe)[^>]*\ssrc=["']?(https?:)?//|@import""")
HANDS_ON = sorted([DOCS / "index.md", *DOCS.glob("tutorials/*.md"), *DOCS.glob("how-to/*.md")])


def blocks(page: Path) -> list[tuple[str, str]]:
    """Language and text of each block of code of a page."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a link that leads nowhere fails the build."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    build_site(folder)
    return folder


def test_every_page_by_hand_stands_in_the_menu() -> None:
    """No page is written and then forgotten."""
    menu = (DOCS / "mkdocs.yml").read_text(encoding="utf-8")
    written = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert written <= set(re.findall(r"[\w/-]+\.md", menu))


def test_the_page_of_keys_has_every_key_with_its_meaning() -> None:
    """Default, range and meaning come from the files that check them."""
    page = keys_page()
    for known in key_descriptions(CONFIGS):
        assert f"| `{known.key}` |" in page
        assert known.meaning.replace("|", r"\|") in page


def test_links_to_files_become_their_names() -> None:
    """A site has no source files; links within a page and to the web stay."""
    text = "[rules](sim/rules.py), [here](#part), [web](https://example.org)"
    expected = "rules (`sim/rules.py`), [here](#part), [web](https://example.org)"
    assert without_links_to_files(text) == expected


def test_a_folder_that_holds_something_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody's files are mixed with a site."""
    (tmp_path / "mine.txt").touch()
    assert main(["docs", "--to", str(tmp_path)]) == REFUSED
    assert "is not an empty folder" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_the_site_is_whole_and_needs_no_network(site: Path) -> None:
    """Every command has its section, and no page loads anything from elsewhere."""
    commands_page = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    assert all(f'id="{name}"' in commands_page for name in commands())
    pages = list(site.rglob("*.html"))
    assert len(pages) > len(HANDS_ON)
    for page in pages:
        assert not FROM_ELSEWHERE.search(page.read_text(encoding="utf-8")), page


@pytest.mark.slow
@pytest.mark.parametrize("page", HANDS_ON, ids=lambda page: page.stem)
def test_every_block_of_code_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    """In their order, in one folder: files are written, commands and Python are run."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for language, text in blocks(page):
        if language == "yaml":
            file = tmp_path / text.splitlines()[0].removeprefix("# ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            assert yaml.safe_load(text)
            continue
        program = {"sh": ["bash", "-ec"], "python": [sys.executable, "-c"]}[language]
        done = subprocess.run(
            [*program, text],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
