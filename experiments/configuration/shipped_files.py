"""Where the files lie that come with the program and are not Python."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent


def shipped(name: str, installed: str) -> Path:
    """A folder of the checkout, or its copy inside the package where that is installed."""
    in_checkout = ROOT / name
    return in_checkout if in_checkout.is_dir() else PACKAGE / installed


CONFIGS = shipped("configs", "configs")
DOCS = shipped("docs", "documentation/pages")
MODEL_DESCRIPTION = ROOT / "sim" / "ODD.md"
