"""What every result of the Python interface can do: show itself, tabulate itself, plot itself."""

from __future__ import annotations

import abc
import html
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.reporting.plotting import Figure
from experiments.results.export import (
    Meaning,
    write_csv,
    write_excel,
    write_stata,
)
from experiments.results.summary_reader import EN_DASH
from sim.inputs.problems import nearest

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go


class Result(abc.ABC):
    """An answer in a sentence, a table with a row for each run and month, and figures."""

    @property
    @abc.abstractmethod
    def answer(self) -> str:
        """The finding in words, with its intervals."""

    @property
    @abc.abstractmethod
    def caution(self) -> str:
        """What its intervals hold, and what is held fixed."""

    @abc.abstractmethod
    def frame(self) -> pd.DataFrame:
        """A row for each run and month; `meanings` says what the columns are."""

    @property
    @abc.abstractmethod
    def meanings(self) -> Mapping[str, Meaning]:
        """Label and unit of each column of the table."""

    @cached_property
    @abc.abstractmethod
    def figures(self) -> Mapping[str, Figure]:
        """Every figure by its key, the main one first."""

    @abc.abstractmethod
    def main_table(self) -> pd.DataFrame:
        """The main numbers as text, each with its interval."""

    def figure(self, key: str | None = None) -> go.Figure:
        """A figure by its key, by default the main one; raises KeyError with the keys there are."""
        import plotly.graph_objects as go

        wanted = next(iter(self.figures)) if key is None else key
        if wanted not in self.figures:
            raise KeyError(unknown_figure(wanted, list(self.figures)))
        figure = self.figures[wanted]
        drawn = go.Figure(figure.plot)
        return drawn.update_layout(title=figure.title, template="plotly_white")

    def to_csv(self, path: str | Path) -> list[Path]:
        """Write the table as CSV, and a table of its columns beside it; returns the paths."""
        return write_csv(self.frame(), Path(path), self.meanings)

    def to_excel(self, path: str | Path) -> list[Path]:
        """Write a workbook of answer, columns and table; returns its path."""
        notes = [("answer", self.answer), ("intervals", self.caution)]
        return write_excel(self.frame(), Path(path), self.meanings, notes)

    def to_stata(self, path: str | Path) -> list[Path]:
        """Write the table as a .dta file with labels; returns its path."""
        return write_stata(self.frame(), Path(path), self.meanings)

    def to_latex(self, path: str | Path | None = None) -> str:
        """The main numbers as a LaTeX table (package booktabs), also written to a path if given."""
        text = latex_table(self.main_table())
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.answer}"

    def _repr_html_(self) -> str:
        """The answer and the main figure, as a notebook shows them; needs no network."""
        plot: Any = self.figure()
        text = (
            f"<p><strong>{html.escape(self.answer)}</strong></p>"
            f"<p><small>{html.escape(self.caution)}</small></p>"
        )
        return text + str(plot.to_html(full_html=False, include_plotlyjs=True))


def unknown_figure(key: str, keys: Sequence[str]) -> str:
    """Why a key names no figure."""
    close = nearest(key, keys)
    advice = f"the closest is {close}" if close else "choose one of those"
    return f"figure: given {key!r}; there are {', '.join(keys)}; {advice}"


LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    EN_DASH: "--",
}
"""How LaTeX writes the characters that it reads as commands."""


def latex_table(table: pd.DataFrame) -> str:
    """A table of texts with the rules of booktabs."""
    head = " & ".join(map(latex_text, ["", *map(str, table.columns)]))
    rows = [
        " & ".join(map(latex_text, [str(label), *map(str, row)])) + r" \\"
        for label, row in zip(table.index, table.itertuples(index=False), strict=True)
    ]
    lines = [
        rf"\begin{{tabular}}{{l{'r' * len(table.columns)}}}",
        r"\toprule",
        rf"{head} \\",
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def latex_text(text: str) -> str:
    """A text in which no character is a command."""
    return "".join(LATEX.get(character, character) for character in text)
