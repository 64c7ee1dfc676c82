"""Builds the site: the pages of docs/, those made from the program, and the model description."""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path

from rich.console import Console

from experiments.configuration.shipped_files import DOCS
from experiments.documentation.generated_pages import generated_pages

SETTINGS = "mkdocs.yml"
PACKAGES = Path(__file__).resolve().parents[2]


def build_site(folder: Path) -> None:
    """Write the site to a folder. Raises mkdocs.exceptions.Abort where a link leads nowhere."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    with (
        tempfile.TemporaryDirectory() as scratch,
        Console(stderr=True).status("Building the documentation ..."),
    ):
        pages = Path(scratch, "docs")
        shutil.copytree(DOCS, pages, ignore=shutil.ignore_patterns(SETTINGS))
        for name, text in generated_pages().items():
            page = pages / name
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
        # The Python reference is read from the packages, wherever they are installed.
        config = load_config(
            config_file=str(DOCS / SETTINGS),
            docs_dir=str(pages),
            site_dir=str(folder.resolve()),
            strict=True,
        )
        handlers = config.plugins["mkdocstrings"].config.handlers
        handlers["python"]["paths"] = [str(PACKAGES)]
        build(config)
