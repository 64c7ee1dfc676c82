"""Figures as PNG pictures for a paper, rendered by kaleido in the machine's Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from experiments.command import StoppedError
from experiments.reporting.figures import figures
from experiments.reporting.plotting import Figure, PlotSpec
from experiments.results.result_folder import Result
from experiments.storage.folder_error import FolderError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDTH, SCALE, TITLE_HEIGHT = 900, 2, 44
FONT = {"family": "DejaVu Sans, Helvetica, Arial, sans-serif", "size": 12.5, "color": "#1b1f24"}
AXIS = {
    "gridcolor": "#e3e7eb",
    "linecolor": "#e3e7eb",
    "zerolinecolor": "#b4bcc4",
    "ticks": "outside",
    "tickcolor": "#e3e7eb",
}
BEHIND = {"bgcolor": "rgba(255,255,255,.75)"}


def browser() -> str | None:
    """The path of this machine's Chromium or Chrome; None if there is none.

    Raises FolderError if BROWSER_PATH names something that cannot be started.
    """
    named = os.environ.get("BROWSER_PATH")
    if not named:
        return next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if shutil.which(named) is None:
        raise FolderError(
            f"BROWSER_PATH: {named} is no program that can be started; set it to the path of "
            "Chromium or Chrome, or unset it"
        )
    return named


def write_pictures(results: Sequence[Result], folder: Path) -> list[Path]:
    """Write every figure of each result as PNG; several results get a folder each.

    Raises FolderError if there is no browser.
    """
    from kaleido import write_fig_from_object_sync

    path = browser()
    if path is None:
        raise FolderError(
            "--png: Chromium or Chrome is needed to render pictures; install one "
            "(Debian: apt-get install chromium)"
        )
    jobs = []
    for result, place in zip(results, picture_folders(results, folder), strict=True):
        place.mkdir(parents=True, exist_ok=True)
        jobs += [
            (place / f"{figure.key}.png", titled_plot(figure)) for figure in figures(result.summary)
        ]
    pictures = [{"fig": plot, "path": str(path), "opts": picture_size(plot)} for path, plot in jobs]
    try:
        write_fig_from_object_sync(pictures, kopts={"path": path, "mathjax": False})
    except (OSError, RuntimeError) as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise StoppedError(f"--png: {path} does not render pictures ({reason})") from error
    return [path for path, _ in jobs]


def picture_folders(results: Sequence[Result], folder: Path) -> list[Path]:
    """The folder for the pictures of each result; results of the same name get numbers."""
    if len(results) == 1:
        return [folder]
    names = [result.folder.resolve().name for result in results]
    again = [names[:number].count(name) for number, name in enumerate(names)]
    return [
        folder / (f"{name}-{count + 1}" if count else name)
        for name, count in zip(names, again, strict=True)
    ]


def titled_plot(figure: Figure) -> PlotSpec:
    """The plot of a figure on white, with its title above it."""
    layout = figure.plot["layout"]
    margin = layout.get("margin", {})
    above = {
        "text": figure.title,
        "x": 0.01,
        "xanchor": "left",
        "y": 0.995,
        "yanchor": "top",
        "yref": "container",
        "pad": {"t": 10},
    }
    white = {"paper_bgcolor": "#ffffff", "plot_bgcolor": "#ffffff", "annotationdefaults": BEHIND}
    style = {"layout": white | {"font": FONT, "xaxis": AXIS, "yaxis": AXIS}}
    shown = layout | {
        "title": above | {"font": {"size": 17}},
        "margin": margin | {"t": margin.get("t", 30) + TITLE_HEIGHT},
    }
    return {
        "data": figure.plot["data"],
        "layout": shown
        | {"template": style, "width": WIDTH, "height": layout["height"] + TITLE_HEIGHT},
    }


def picture_size(plot: PlotSpec) -> PlotSpec:
    """The options of a picture: its size, with two pixels for one."""
    return {"format": "png", "width": WIDTH, "height": plot["layout"]["height"], "scale": SCALE}
