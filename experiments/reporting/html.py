"""Parts of self-contained pages: frame with style and script, figures, tables, safe data."""

from __future__ import annotations

import base64
import functools
import gzip
import html
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from experiments.command import PageError
from experiments.reporting.plotting import Figure, PlotSpec
from experiments.storage.recorded_folder import record_file
from experiments.storage.whole_files import write_whole

HERE = Path(__file__).parent
OWN_MARKUP = re.compile(r"(</?b>|<br>|<extra></extra>)")


def standalone_page(title: str, body: str, plots: Mapping[str, PlotSpec]) -> str:
    """A whole page that loads nothing from elsewhere; its script plots `plots` into the body."""
    from plotly.offline import get_plotlyjs

    parts = {
        "style": asset_text("page.css"),
        "script": asset_text("plots.js") + asset_text("page.js"),
        "plotly": compressed(get_plotlyjs()),
        "data": script_safe(labels_as_text(plots)),
    }
    return Template(asset_text("page.html")).substitute(parts, title=html.escape(title), body=body)


@functools.cache
def compressed(script: str) -> str:
    """A script as text that the page unpacks: a third of its size. Equal scripts, equal text."""
    return base64.b64encode(gzip.compress(script.encode(), mtime=0)).decode()


def asset_text(name: str) -> str:
    """The text of a file in the folder of this module."""
    return (HERE / name).read_text(encoding="utf-8")


def script_safe(content: object) -> str:
    """JSON that can stand in a script: `<` could end it, or begin a comment, so it is escaped.

    A number that is not finite becomes null, which Plotly shows as a gap.
    """
    return json.dumps(
        with_gaps(content), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).replace("<", "\\u003c")


def with_gaps(content: Any) -> Any:
    """The same content, with None for every number that is not finite."""
    if isinstance(content, Mapping):
        return {key: with_gaps(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [with_gaps(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def labels_as_text(part: Any) -> Any:
    """A plot in which names with `<` are text: Plotly takes them for markup.

    The little markup that figures use themselves stays.
    """
    if isinstance(part, str):
        return "".join(
            piece if OWN_MARKUP.fullmatch(piece) else piece.replace("<", "&lt;")
            for piece in OWN_MARKUP.split(part)
        )
    if isinstance(part, Mapping):
        return {name: labels_as_text(value) for name, value in part.items()}
    return [labels_as_text(each) for each in part] if isinstance(part, list | tuple) else part


def table(rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """An HTML table; cells and caption must be escaped already, the first row is the head."""
    head, *body = rows
    titled = f"<caption>{caption}</caption>" if caption else ""
    top = "<tr>" + "".join(f'<th scope="col">{text}</th>' for text in head) + "</tr>"
    lines = [
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f"<td>{text}</td>" for text in row[1:])
        + "</tr>"
        for row in body
    ]
    return f"<table>{titled}<thead>{top}</thead><tbody>{''.join(lines)}</tbody></table>"


def figure_block(figure: Figure, note: str) -> str:
    """A figure with heading, alternative text, caption, downloads and a table of its numbers."""
    rows = [[html.escape(text) for text in row] for row in figure.table]
    height, title = figure.plot["layout"]["height"], html.escape(figure.title)
    return (
        f'<figure id="{figure.key}" aria-labelledby="title-{figure.key}">'
        f'<h2 id="title-{figure.key}">{title}</h2>'
        f'<p class="soft">{html.escape(figure.lead)}</p>'
        f'<div class="plot" id="figure-{figure.key}" role="img" '
        f'aria-label="{html.escape(figure.alt)}" style="min-height:{height}px"></div>'
        f"<figcaption>{html.escape(figure.source)} {html.escape(note)}</figcaption>"
        f'<div class="tools">{download_button("png", "picture", title)}'
        f"{download_button('csv', 'numbers', title)}</div>"
        "<details><summary>Numbers of this figure</summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="Numbers: {title}">'
        f"{table(rows)}</div></details></figure>"
    )


def download_button(form: str, what: str, title: str) -> str:
    """A button that saves a figure as a file; the page's script makes the file."""
    label = f"Download {what} of: {title} ({form.upper()})"
    return f'<button type="button" data-save="{form}" aria-label="{label}">{form.upper()}</button>'


def contents(figures: Sequence[Figure]) -> str:
    """Links to the figures, as items of a list."""
    titles = {figure.key: figure.title.split(":")[0].split(", and")[0] for figure in figures}
    return "".join(
        f'<li><a href="#{key}">{html.escape(title)}</a></li>' for key, title in titles.items()
    )


def page_of_data(path: Path, text: Callable[[], str], again: str) -> str:
    """Make a page of data that are on disk, and write it; returns it.

    Raises PageError, which says that the data are whole, if it cannot be made, and OSError if it
    cannot be written. `again` says how to make it later.
    """
    try:
        page = text()
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise PageError(
            f"{path.name} could not be made ({reason}); every number is in {path.parent}; {again}"
        ) from error
    write_page(path, page)
    return page


def write_page(path: Path, text: str) -> Path:
    """Write a page whole, so that no half page is ever seen, and note it in its folder's record."""
    write_whole(path, text.encode())
    record_file(path)
    return path
