"""Pages that are made from what the program itself reads, so that they cannot grow old."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
from collections.abc import Callable, Iterable, Mapping

from experiments.calibration.page_parts import markdown_table
from experiments.cli import commands
from experiments.configuration.key_descriptions import key_descriptions
from experiments.configuration.shipped_files import CONFIGS, MODEL_DESCRIPTION
from experiments.evidence import ROWS_OF
from sim.inputs.dated_inputs import EVIDENCE

LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#)([^)\s]+)\)")
EVIDENCE_TITLES: Mapping[str, str] = {
    "series": "Series",
    "facts": "Facts",
    "parameters": "Parameters and their priors",
    "not-found": "Looked for and not found",
}


def generated_pages() -> dict[str, str]:
    """The text of each page by its path in the site."""
    return {path: make() for path, make in PAGES.items()}


def commands_page() -> str:
    """What each command says of itself."""
    parts = [
        "# Commands",
        "Installed, each is `primorye COMMAND`, in a checkout `python -m experiments.COMMAND`.",
    ]
    for name in commands():
        parts += [f"## {name}", f"```text\n{help_of(name).strip()}\n```"]
    return page(parts)


def help_of(name: str) -> str:
    """What a command prints when it is asked for help."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        importlib.import_module(f"experiments.{name}").main(["--help"])
    return printed.getvalue()


def keys_page() -> str:
    """Every key of a configuration, by section."""
    parts = [
        "# Keys of a configuration",
        "Defaults are those of `configs/`. What is not allowed is refused in these words.",
    ]
    rows: dict[str, list[list[str]]] = {}
    for known in key_descriptions(CONFIGS):
        section = known.key.partition(".")[0] if "." in known.key else "run"
        default = "null" if known.default is None else str(known.default)
        row = [f"`{known.key}`", f"`{default}`", known.allowed, known.meaning]
        rows.setdefault(section, []).append(row)
    head = ("key", "default", "allowed", "meaning")
    for section, of_section in rows.items():
        parts += [f"## {section}", table(head, of_section)]
    return page(parts)


def evidence_page() -> str:
    """Every number with its source."""
    parts = ["# Evidence", "What `python -m experiments.evidence` prints and checks."]
    for kind, title in EVIDENCE_TITLES.items():
        head, *rows = ROWS_OF[kind]()
        parts += [f"## {title}", table(head, rows)]
    return page(parts)


def model_page() -> str:
    """The model description."""
    return without_links_to_files(MODEL_DESCRIPTION.read_text(encoding="utf-8"))


def fit_page() -> str:
    """What the calibration found."""
    return without_links_to_files((EVIDENCE / "posterior" / "fit.md").read_text(encoding="utf-8"))


def without_links_to_files(text: str) -> str:
    """A page in which links to files of the repository, which a site does not have, are names."""
    return LINK.sub(r"\1 (`\2`)", text)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table whose cells hold any text."""
    return "\n".join(markdown_table(cells(head), [cells(row) for row in rows]))


def cells(row: Iterable[str]) -> list[str]:
    """The cells of a row: no bar and no line break ends one."""
    return [str(cell).replace("|", r"\|").replace("\n", " ") for cell in row]


def page(parts: Iterable[str]) -> str:
    """A page of parts with an empty line between them."""
    return "\n\n".join(parts) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "reference/commands.md": commands_page,
    "reference/keys.md": keys_page,
    "reference/evidence.md": evidence_page,
    "model.md": model_page,
    "fit.md": fit_page,
}
