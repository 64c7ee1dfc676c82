"""Which measure is read, in which month."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.results.summary_reader import DEADLINE
from experiments.sweeps.reporting.reading_months import binding_months
from sim.calendar import label
from sim.inputs.problems import refused, unknown
from sim.measures.catalogue import measures_of
from sim.scenario import Scenario

AT_DEADLINE = "deadline"


def months_of(scenario: Scenario) -> list[str]:
    """Every simulated month, YYYY-MM."""
    return [label(month, scenario.start) for month in range(scenario.months)]


def deadline_of(scenario: Scenario) -> str:
    """The month of the policy's deadline; the last month if none is simulated."""
    return binding_months(scenario).get(DEADLINE) or months_of(scenario)[-1]


def measure_problems(scenario: Scenario, name: str, at: str = "measure") -> list[str]:
    """A line if there is no such measure."""
    known = measures_of(scenario)
    return [] if name in known else [f"{at}: {unknown(name, name, known, 'measure')}"]


def month_problems(scenario: Scenario, month: str, at: str = "at") -> list[str]:
    """A line if a month is not simulated."""
    months = months_of(scenario)
    if month in months or month == AT_DEADLINE:
        return []
    allowed = f"{months[0]} to {months[-1]} (simulated months), or {AT_DEADLINE}"
    return [refused(at, month, allowed, "choose one of them, or set start and months")]


def month_named(scenario: Scenario, text: str) -> str:
    """The month of a text that `month_problems` allows."""
    return deadline_of(scenario) if text == AT_DEADLINE else text


def unit_of(scenario: Scenario, measure: str) -> str:
    """The unit of a measure, as in summary.json."""
    return str(measures_of(scenario)[measure].unit)


def short_unit(scenario: Scenario, measure: str) -> str:
    """A unit without what is said of it: 'USD' of 'USD, cumulated'."""
    return unit_of(scenario, measure).split(",")[0]


def label_of(scenario: Scenario, measure: str) -> str:
    """The name of a measure in words, as it stands within a sentence."""
    name = str(measures_of(scenario)[measure].label)
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def worded(items: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    *firsts, last = items
    return f"{', '.join(firsts)} and {last}" if firsts else last
