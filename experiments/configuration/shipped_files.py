"""Where the configuration files lie that come with the program."""

from __future__ import annotations

from pathlib import Path

IN_CHECKOUT = Path(__file__).resolve().parents[2] / "configs"
IN_PACKAGE = Path(__file__).resolve().parents[1] / "configs"
CONFIGS = IN_CHECKOUT if IN_CHECKOUT.is_dir() else IN_PACKAGE
"""The folder configs/: beside the packages in a checkout, inside one where they are installed."""
