"""Simulations compared: paired differences where random histories and parameters are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from experiments.python_interface.result import Result
from experiments.python_interface.simulation import Simulation
from experiments.reporting.answer import month_to_report
from experiments.reporting.overlay import NamedSummary
from experiments.reporting.plotting import Figure
from experiments.reporting.side_by_side import overlaid_figures
from experiments.results.export import Meaning
from experiments.results.summary_reader import months_of

if TYPE_CHECKING:
    import pandas as pd

PERCENTILES = (0.05, 0.5, 0.95)
MAIN = {
    "output_percent_of_baseline": (".1f", "output, percent of the baseline"),
    "wage_drift_percent": (".1f", "wage against the baseline, percent"),
    "job_vacancy_rate": (".1f", "job vacancy rate, percent"),
    "shortfall_workers": (",.0f", "shortfall, standard workers"),
    "dprk_revenue_lost_usd": (",.0f", "levy lost since the start, USD"),
}
"""Measures of the main table, with their formats and names."""


class Comparison(Result):
    """Simulations beside the first of them."""

    def __init__(self, simulations: Mapping[str, Simulation]) -> None:
        """Simulations by name; raises ValueError with the reason if months or measures differ."""
        if len(simulations) < 2:
            raise ValueError("compare: give two or more simulations")
        self.simulations = dict(simulations)
        first, *others = self.simulations.values()
        spans = {name: months_of(each.summary) for name, each in self.simulations.items()}
        differing = [name for name, span in spans.items() if span != months_of(first.summary)]
        if differing:
            raise ValueError(f"compare: other months than the first: {', '.join(differing)}")
        self.reasons = sorted({reason for each in others for reason in unlike(first, each)})

    @property
    def is_paired(self) -> bool:
        """Whether differences are taken replicate by replicate under the same draws."""
        return not self.reasons

    @property
    def answer(self) -> str:
        """The difference of each simulation from the first, in the month that it is read."""
        (first, _), *others = self.simulations.items()
        lines = [f"{name}: {self.difference_text(name)}" for name, _ in others]
        return f"Against {first} in {self.month}: " + "; ".join(lines) + "."

    @property
    def caution(self) -> str:
        """Whether differences are paired, and if not, why."""
        if self.is_paired:
            return (
                "Differences are paired: of two replicates with the same random history and the "
                "same draws of every parameter that both leave open; median and 5 to 95 % of them."
            )
        return (
            "NOT PAIRED: differences also hold chance and whatever else differs, as the "
            f"simulations have different {', '.join(self.reasons)}. No interval is given."
        )

    @cached_property
    def month(self) -> str:
        """The month that is compared: the first simulation's deadline or peak, or the last."""
        months = (month_to_report(each.summary) for each in self.simulations.values())
        last = months_of(next(iter(self.simulations.values())).summary)[-1]
        return next((month for month in months if month is not None), last)

    def difference_text(self, name: str) -> str:
        """The differences of a simulation from the first in the main measures."""
        table = self.main_table()
        return ", ".join(f"{row} {text}" for row, text in table[name].items())

    def frame(self) -> pd.DataFrame:
        """Differences from the first: a row for each simulation, replicate and month.

        Raises ValueError where simulations are not paired.
        """
        import pandas as pd

        if not self.is_paired:
            raise ValueError(self.caution)
        (_, first), *others = self.simulations.items()
        keys = ["replicate", "draw", "month"]
        base = first.measures().set_index(keys)
        parts = [
            (each.measures().set_index(keys) - base)[list(base.columns)]
            .reset_index()
            .assign(simulation=name)
            for name, each in others
        ]
        whole = pd.concat(parts, ignore_index=True)
        return whole[["simulation", *(name for name in whole if name != "simulation")]]

    @property
    def meanings(self) -> Mapping[str, Meaning]:
        """Label and unit of each column."""
        first = next(iter(self.simulations.values()))
        added = Meaning("Simulation, of which the first is taken away", "name")
        return {**first.meanings, "simulation": added}

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """The figures of the page that compares results."""
        named = [NamedSummary(name, each.summary) for name, each in self.simulations.items()]
        return {each.key: each for each in overlaid_figures(named)}

    def main_table(self) -> pd.DataFrame:
        """Differences from the first in the main measures, with intervals where they are paired."""
        import pandas as pd

        (_, first), *others = self.simulations.items()
        known = [name for name in MAIN if name in first.summary["measures"]]
        columns = {name: [self._cell(each, measure) for measure in known] for name, each in others}
        return pd.DataFrame(columns, index=[MAIN[measure][1] for measure in known])

    def _cell(self, other: Simulation, measure: str) -> str:
        """One difference as text."""
        first = next(iter(self.simulations.values()))
        form = f"+{MAIN[measure][0]}"
        if not self.is_paired:
            own, base = (
                each.summary["measures"][measure]["by_month"][self.month][1]
                for each in (other, first)
            )
            return f"{own - base:{form}} (of medians)"
        low, median, high = (self._column(other, measure) - self._column(first, measure)).quantile(
            PERCENTILES
        )
        return f"{median:{form}} [{low:{form}} to {high:{form}}]"

    def _column(self, simulation: Simulation, measure: str) -> pd.Series:
        """A measure by replicate in the month in which results are read."""
        table = simulation.measures()
        in_month = table["month"] == f"{self.month}-01"
        return table[in_month].set_index("replicate")[measure].astype(float)


def unlike(first: Simulation, other: Simulation) -> Sequence[str]:
    """In what two simulations differ that would have to be the same for paired differences."""
    reasons = [
        name
        for name in ("seed", "replicates", "scale", "start", "market")
        if first.summary[name] != other.summary[name]
    ]
    if first.summary["uncertainty"]["kind"] != other.summary["uncertainty"]["kind"]:
        reasons.append("uncertainty")
    elif "replicates" not in reasons and draws_differ(first, other):
        reasons.append("parameter draws")
    return reasons


def draws_differ(first: Simulation, other: Simulation) -> bool:
    """Whether a parameter that was sampled in both has other values in one of them."""
    both = first.summary["sampled"].keys() & other.summary["sampled"].keys()
    own, others = first.parameters(), other.parameters()
    return any(not own[key].equals(others[key]) for key in both)
