"""Goals in words: 'shortfall_percent at 2019-12 <= 5 with 0.9', read and checked."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.decisions.dated_measures import (
    label_of,
    measure_problems,
    month_named,
    month_problems,
    months_of,
    short_unit,
    unit_of,
)
from experiments.sweeps.reporting.threshold_crossings import Z_95
from sim.engine.worker_columns import Array
from sim.inputs.problems import refused
from sim.scenario import Scenario

FORM = "'MEASURE at MONTH <= NUMBER with PROBABILITY', or '... max over FROM..TO ...'"
READING = (
    r"(?P<measure>[a-z]\w*)(?:\s+at\s+(?P<month>\S+)"
    r"|\s+(?P<how>max|min|mean)\s+over\s+(?P<first>[\w-]+)\.\.(?P<last>[\w-]+))?"
)
GOAL = re.compile(
    rf"\s*{READING}\s*(?P<sign><=|>=)\s*(?P<limit>[-+]?[\d.]+(?:e[-+]?\d+)?)"
    r"(?:\s+(?!with\s)(?P<unit>\D.*?))?(?:\s+with\s+(?P<probability>\S+))?\s*"
)
OBJECTIVE = re.compile(rf"\s*{READING}\s*")
REDUCTIONS: dict[str, Callable[..., Array]] = {"max": np.max, "min": np.min, "mean": np.mean}
AT_MOST, AT_LEAST = "<=", ">="


@dataclass(frozen=True)
class Reading:
    """A measure in one month, or its peak, lowest point or mean over several (`how`)."""

    measure: str
    first: str
    last: str
    how: str = "max"

    @property
    def text(self) -> str:
        """'shortfall_percent at 2019-12'."""
        if self.first == self.last:
            return f"{self.measure} at {self.first}"
        return f"{self.measure} {self.how} over {self.first}..{self.last}"

    def of(self, values: Array, months: Sequence[str]) -> Array:
        """The reading of each run's values f8[..., months]: f8[...]."""
        window = values[..., months.index(self.first) : months.index(self.last) + 1]
        return REDUCTIONS[self.how](window, axis=-1)


@dataclass(frozen=True)
class Goal:
    """A reading that is to be at most or at least `limit`, with a probability over the draws."""

    reading: Reading
    sign: str
    limit: float
    probability: float

    @property
    def text(self) -> str:
        """'shortfall_percent at 2019-12 <= 5 with 0.9'."""
        return f"{self.reading.text} {self.sign} {self.limit:g} with {self.probability:g}"

    def words(self, scenario: Scenario) -> str:
        """The goal in a sentence's words, without its probability."""
        reading, unit = self.reading, short_unit(scenario, self.reading.measure)
        name = label_of(scenario, reading.measure)
        how = {"max": "at its highest", "min": "at its lowest", "mean": "on average"}[reading.how]
        when = (
            f"in {reading.first}"
            if reading.first == reading.last
            else f"from {reading.first} to {reading.last}, {how},"
        )
        bound = "at most" if self.sign == AT_MOST else "at least"
        return f"{name} {when} is {bound} {self.limit:,g} {unit}"

    def met(self, readings: Array) -> Array:
        """Whether each reading meets the limit."""
        found: Array = readings <= self.limit if self.sign == AT_MOST else readings >= self.limit
        return found


def read_goals(
    texts: Sequence[str], scenario: Scenario, draws: int
) -> tuple[list[Goal], list[str]]:
    """The goals, and what is wrong with them."""
    goals: list[Goal] = []
    problems: list[str] = [] if texts else [f"goal: none is given; write {FORM}"]
    for text in texts:
        goal, wrong = read_goal(text, scenario)
        problems += wrong
        goals += [goal] if goal else []
    return goals, [*problems, *contradictions(goals), *draw_problems(goals, draws)]


def read_goal(text: str, scenario: Scenario) -> tuple[Goal | None, list[str]]:
    """One goal, or what is wrong with it."""
    match = GOAL.fullmatch(text)
    if match is None:
        return None, [f"goal: given {text!r}; allowed: {FORM}; write it so"]
    reading, problems = reading_of(match, scenario, "goal")
    problems += unit_problems(match["measure"], match["unit"], scenario)
    written = match["probability"]
    probability = number_in(written) if written else 0.9
    if probability is None or not 0.0 < probability < 1.0:
        allowed = "more than 0 and less than 1 (share of the draws)"
        problems.append(refused("goal: with", written, allowed, "change it"))
    limit = number_in(match["limit"])
    if limit is None:
        problems.append(refused("goal", match["limit"], "a number", "change it"))
    if problems or reading is None or probability is None or limit is None:
        return None, problems
    return Goal(reading, match["sign"], limit, probability), []


def read_objective(text: str, scenario: Scenario, at: str) -> tuple[Reading | None, list[str]]:
    """What is to be as large or as small as possible: in the last month unless one is named."""
    match = OBJECTIVE.fullmatch(text)
    if match is None:
        allowed = "MEASURE, MEASURE at MONTH, or MEASURE max over FROM..TO"
        return None, [refused(at, text, allowed, "write it so")]
    if match["month"] is None and match["how"] is None:
        wrong = measure_problems(scenario, match["measure"], at)
        last = months_of(scenario)[-1]
        return (None, wrong) if wrong else (Reading(match["measure"], last, last), [])
    return reading_of(match, scenario, at)


def reading_of(
    match: re.Match[str], scenario: Scenario, at: str
) -> tuple[Reading | None, list[str]]:
    """The reading that a goal or an objective names, or what is wrong with it."""
    problems = measure_problems(scenario, match["measure"], at)
    if match["month"] is None and match["how"] is None:
        example = f"{match['measure']} at {months_of(scenario)[-1]}"
        return None, [*problems, f"{at}: {match[0].strip()!r} names no month; write {example} ..."]
    ends = [match["month"]] * 2 if match["month"] else [match["first"], match["last"]]
    problems += [line for end in dict.fromkeys(ends) for line in month_problems(scenario, end, at)]
    if problems:
        return None, problems
    first, last = (month_named(scenario, end) for end in ends)
    if first > last:
        return None, [refused(at, f"{first}..{last}", "first month..last month", "swap them")]
    return Reading(match["measure"], first, last, match["how"] or "max"), []


def unit_problems(measure: str, given: str | None, scenario: Scenario) -> list[str]:
    """A line if the number of a goal has a unit that is not the measure's, or none at all.

    A measure that is named after its unit, such as shortfall_percent, needs none.
    """
    if measure_problems(scenario, measure):
        return []
    unit = unit_of(scenario, measure)
    words = {word.strip("',.").lower() for word in unit.replace("%", "percent").split()}
    if given is not None:
        own = {word.strip("',.").lower() for word in given.replace("%", "percent").split()}
        if own <= words:
            return []
        return [refused(f"goal: unit of {measure}", given, unit, "use that unit")]
    if words & set(measure.split("_")):
        return []
    return [f"goal: the number for {measure} names no unit; write it with its unit, {unit}"]


def contradictions(goals: Sequence[Goal]) -> list[str]:
    """A line for each pair of goals that no run can meet in enough draws."""
    return [
        f"goals: {one.text!r} and {other.text!r} contradict one another; change one of them"
        for one in goals
        for other in goals
        if one.reading == other.reading
        and (one.sign, other.sign) == (AT_MOST, AT_LEAST)
        and one.limit < other.limit
        and one.probability + other.probability > 1.0
    ]


def draw_problems(goals: Sequence[Goal], draws: int) -> list[str]:
    """A line for each probability that so few draws cannot show."""
    return [
        f"draws: given {draws}; allowed: at least {needed} to show a probability of "
        f"{goal.probability:g} with 95 % confidence; raise draws"
        for goal in goals
        if (needed := draws_needed(goal.probability)) > draws
    ]


def draws_needed(probability: float) -> int:
    """Draws from which on a goal that all of them meet certainly has its probability.

    The low end of Wilson's interval of n draws out of n is n / (n + z**2).
    """
    odds = max(probability, 1.0 - probability) / min(probability, 1.0 - probability)
    return math.ceil(Z_95**2 * odds)


def number_in(text: str) -> float | None:
    """The finite number in a text; None if there is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
