"""Optional parts of the program: which package each needs, and how to get it."""

from __future__ import annotations

EXTRAS = {
    "dash": "explorer",
    "waitress": "explorer",
    "kaleido": "png",
    "xlsxwriter": "excel",
    "distributed": "cluster",
    "pymoo": "frontier",
    "mkdocs": "docs",
    "mkdocstrings": "docs",
}
"""The extra of pyproject.toml that brings a package."""


def how_to_get(package: str) -> str:
    """What to do where a package is missing; empty if no extra brings it."""
    extra = EXTRAS.get(package)
    if extra is None:
        return ""
    return (
        f"this needs {package}, which the extra `{extra}` brings: "
        f"uv run --extra {extra} ..., or pip install 'primorye-labour[{extra}]'"
    )
