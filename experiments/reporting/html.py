"""Self-contained pages: the frame with style and script, figures with their words, tables, data that cannot break out."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from experiments.reporting.plotting import Figure, PlotSpec

HERE = Path(__file__).parent


def standalone_page(title: str, body: str, plots: Mapping[str, PlotSpec]) -> str:
    """A whole page that needs nothing from outside: plots are drawn into the figures of the body."""
    from plotly.offline import get_plotlyjs

    parts = {
        "style": asset_text("page.css"),
        "script": asset_text("plots.js") + asset_text("page.js"),
        "plotly": get_plotlyjs(),
        "data": script_safe(plots),
    }
    return Template(asset_text("page.html")).substitute(parts, title=html.escape(title), body=body)


def asset_text(name: str) -> str:
    """A file beside this one."""
    return (HERE / name).read_text(encoding="utf-8")


def script_safe(content: object) -> str:
    """JSON that cannot end the script it stands in."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace(
        "</", "<\\/"
    )


def table(rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """An HTML table of escaped cells; the first row is the head."""
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
    """A figure with heading, alternative text, caption, downloads and its numbers as a table."""
    rows = [[html.escape(text) for text in row] for row in figure.table]
    height, title = figure.plot["layout"]["height"], html.escape(figure.title)
    return (
        f'<figure id="{figure.key}" aria-labelledby="title-{figure.key}"><h2 id="title-{figure.key}">{title}</h2>'
        f'<p class="soft">{html.escape(figure.lead)}</p>'
        f'<div class="plot" id="figure-{figure.key}" role="img" aria-label="{html.escape(figure.alt)}" style="min-height:{height}px"></div>'
        f"<figcaption>{html.escape(figure.source)} {html.escape(note)}</figcaption>"
        f'<div class="tools">{download_button("png", "picture", title)}{download_button("csv", "numbers", title)}</div>'
        f'<details><summary>Numbers of this figure</summary><div class="scroll" tabindex="0" role="region" '
        f'aria-label="Numbers: {title}">{table(rows)}</div></details></figure>'
    )


def download_button(form: str, what: str, title: str) -> str:
    """A download of a figure, made by the page itself."""
    return f'<button type="button" data-save="{form}" aria-label="Download {what} of: {title} ({form.upper()})">{form.upper()}</button>'


def contents(figures: Sequence[Figure]) -> str:
    """Links to the figures."""
    return "".join(
        f'<li><a href="#{figure.key}">{html.escape(figure.title.split(":")[0].split(", and")[0])}</a></li>'
        for figure in figures
    )


def write_page(path: Path, text: str) -> Path:
    """Put a page in place in one step."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
