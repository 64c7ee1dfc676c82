"""The monthly panel: what is counted, and every measure, declared once with its unit.

Kernels and the reference model write a measure by its name here. Its place in the panel follows
from the order of declaration and is written nowhere else, so a measure that is inserted, moved or
removed changes no other.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from enum import IntEnum
from typing import Any, NamedTuple, Self

import numpy as np

from sim.engine.worker_columns import Array


class Flow(IntEnum):
    """Counters of the month, by group and trade."""

    HIRED = 0
    JOB_TO_JOB = 1
    DISPATCHED = 2
    JOB_ENDED = 3
    LAID_OFF = 4
    LEFT_JOB = 5
    STAY_ENDED = 6
    REPATRIATED = 7
    ENTERED = 8
    GAVE_UP = 9
    TRAINED = 10
    STOOD_DOWN = 11


class Fate(IntEnum):
    """Counters of the month, by group: what became of crew members whose papers were reviewed."""

    CONTRACT_REPLACED = 0
    MUST_LEAVE = 1
    RETAINED = 2
    COMPLIED = 3
    QUIETLY_RENEWED = 4
    UNDER_COVER = 5
    GAVE_IN = 6
    FOUND = 7
    LET_GO = 8
    FINED = 9


class Declared(NamedTuple):
    """A measure's unit, the counters it adds up, whether it is a mean, and its words in reports."""

    unit: str
    counters: tuple[Flow | Fate, ...] = ()
    is_mean: bool = False
    label: str = ""


def level(unit: str, label: str = "") -> Declared:
    """A stock or an amount, which grows with the number of model workers; reported if labelled."""
    return Declared(unit, label=label)


def mean(unit: str) -> Declared:
    """A mean, a price or a ratio, which does not grow with the number of model workers."""
    return Declared(unit, is_mean=True)


def count(unit: str, *counters: Flow | Fate, label: str = "") -> Declared:
    """The sum of some counters of the month; reported if labelled."""
    return Declared(unit, counters, label=label)


class PanelMeasure(IntEnum):
    """A measure's place in its table of the panel, with what was declared of it."""

    unit: str
    counters: tuple[Flow | Fate, ...]
    is_mean: bool
    label: str

    def __new__(
        cls, unit: str, counters: tuple[Flow | Fate, ...], is_mean: bool, label: str
    ) -> Self:
        """The next place."""
        measure = int.__new__(cls, len(cls.__members__))
        measure._value_ = len(cls.__members__)
        measure.unit, measure.counters = unit, counters
        measure.is_mean, measure.label = is_mean, label
        return measure

    @property
    def key(self) -> str:
        """Its name in files."""
        return self.name.lower()


class ByGroupTrade(PanelMeasure):
    """By nationality and trade."""

    HEADS_EMPLOYED = level("workers")
    HEADS_SEEKING = level("workers")
    EFFECTIVE_LABOUR = level("standard workers")
    HIRES = count("workers a month", Flow.HIRED, Flow.JOB_TO_JOB, Flow.DISPATCHED, label="Hires")
    SEPARATIONS = count(
        "workers a month",
        Flow.JOB_ENDED,
        Flow.LAID_OFF,
        Flow.LEFT_JOB,
        Flow.STAY_ENDED,
        Flow.REPATRIATED,
        Flow.STOOD_DOWN,
        Flow.JOB_TO_JOB,
        label="Separations",
    )
    QUITS = count("workers a month", Flow.LEFT_JOB, Flow.JOB_TO_JOB)
    JOB_TO_JOB_MOVES = count("workers a month", Flow.JOB_TO_JOB)
    LAYOFFS = count("workers a month", Flow.LAID_OFF)
    JOBS_ENDED = count("workers a month", Flow.JOB_ENDED)
    LEFT_CONSTRUCTION = count("workers a month", Flow.LEFT_JOB)
    STAYS_ENDED = count("workers a month", Flow.STAY_ENDED)
    REPATRIATED = count("workers a month", Flow.REPATRIATED)
    DISPATCHED = count("workers a month", Flow.DISPATCHED)
    ENTERED = count("workers a month", Flow.ENTERED)
    GAVE_UP_SEEKING = count("workers a month", Flow.GAVE_UP)
    TRAINED = count("workers a month", Flow.TRAINED)
    STOOD_DOWN = count("workers a month", Flow.STOOD_DOWN)


class ByGroup(PanelMeasure):
    """By nationality."""

    HEADS_AWAY = level("workers")
    HEADS_REPATRIATED = level("workers")
    PAY_RUB = level("nominal RUB a month")
    PAY_USD = level("USD a month")
    LEVY_USD = level("USD a month")
    KEPT_USD = level("USD a month")
    PAY_PER_HEAD_RUB = mean("nominal RUB a month")
    PAY_PER_HEAD_REAL_RUB = mean("RUB a month, prices of start")
    PAY_PER_HEAD_USD = mean("USD a month")
    CREW_CONTRACT_REPLACED = count("workers a month", Fate.CONTRACT_REPLACED)
    CREW_MUST_LEAVE = count("workers a month", Fate.MUST_LEAVE)
    CREW_RETAINED = count("workers a month", Fate.RETAINED)
    CREW_COMPLIED = count("workers a month", Fate.COMPLIED)
    CREW_QUIETLY_RENEWED = count("workers a month", Fate.QUIETLY_RENEWED)
    CREW_UNDER_COVER = count("workers a month", Fate.UNDER_COVER)
    CREW_GAVE_IN = count("workers a month", Fate.GAVE_IN)
    CREW_FOUND = count("workers a month", Fate.FOUND)
    CREW_LET_GO = count("workers a month", Fate.LET_GO)
    CREW_FINED = count(
        "workers a month", Fate.FINED, label="{Crew} workers for whom an employer was fined"
    )


class ByPaper(PanelMeasure):
    """By nationality and paper."""

    HEADS_EMPLOYED_BY_PAPER = level("workers")
    EFFECTIVE_LABOUR_BY_PAPER = level("standard workers")
    REGISTRATIONS = level("registrations a month")


class ByTrade(PanelMeasure):
    """By trade."""

    VACANCIES_OPENED = level("vacancies a month")
    VACANCY_STOCK = level("vacancies")
    VACANCIES_UNFILLED = level("vacancies")
    WAGE_POSTED_REAL = mean("base wages")
    PLANNED_LABOUR = level("standard workers")


class OfMarket(PanelMeasure):
    """Of the whole market."""

    ORDERS = level("standard worker-months a month")
    OUTPUT = level("standard worker-months a month")
    COMPLETIONS = level("standard worker-months a month")
    BACKLOG = level("standard worker-months")
    CANCELLED = level("standard worker-months a month")
    OUTPUT_TARGET = level("standard worker-months a month")
    OUTPUT_PRICE = mean("ratio to the start")
    LABOUR_VALUE = mean("base wages")
    LABOUR_PER_UNIT = mean("composite labour a unit of output")
    COMPOSITE_LABOUR = level("standard workers")
    WAGE_REAL = mean("base wages")
    WAGE_REAL_RUB = mean("RUB a month, prices of start")
    WAGE_NOMINAL_RUB = mean("nominal RUB a month")
    WAGE_USD = mean("USD a month")
    CONSUMER_PRICES = mean("ratio to the start")
    RUB_PER_USD = mean("RUB per USD")
    PUBLIC_COST_WAGE_SUBSIDY_RUB = level("nominal RUB a month", "Public cost of the wage subsidy")
    PUBLIC_COST_RELOCATION_GRANT_RUB = level(
        "nominal RUB a month", "Public cost of relocation grants"
    )
    PUBLIC_COST_TRAINING_RUB = level("nominal RUB a month", "Public cost of training")
    PUBLIC_REVENUE_EMPLOYER_FINE_RUB = level(
        "nominal RUB a month", "Public revenue from the fine on employers"
    )


class Panel(NamedTuple):
    """Monthly measures of one branch; axis 0 is the month, burn-in first, axis 1 the measure."""

    by_group_trade: Array  # f8[T, len(ByGroupTrade), G, K]
    by_group: Array  # f8[T, len(ByGroup), G]
    by_paper: Array  # f8[T, len(ByPaper), G, papers]
    by_trade: Array  # f8[T, len(ByTrade), K]
    market: Array  # f8[T, len(OfMarket)]

    def of(self, measure: PanelMeasure) -> Array:
        """One measure: f8[T, ...]."""
        table: Array = getattr(self, PARTS[type(measure)])
        return table[:, measure]


TABLES: dict[str, type[PanelMeasure]] = dict(
    zip(Panel._fields, (ByGroupTrade, ByGroup, ByPaper, ByTrade, OfMarket), strict=True)
)
"""The measures of each part of the panel."""
PARTS = {table: part for part, table in TABLES.items()}


def measure_named(key: str) -> PanelMeasure:
    """The measure of a name in files. Raises KeyError if there is none."""
    return next(table[key.upper()] for table in PARTS if key.upper() in table.__members__)


def counters_of(table: type[PanelMeasure]) -> Array:
    """Which counters each measure adds up: i8[pairs, 2], place of the measure and the counter."""
    pairs = [(measure, counter) for measure in table for counter in measure.counters]
    return np.array(pairs, np.int64).reshape(-1, 2)


def refuse_unwritten(table: type[PanelMeasure], *writers: Callable[..., Any]) -> None:
    """Raise ImportError if a measure neither adds up counters nor is assigned by a writer."""
    written = {name for writer in writers for name in assigned(table, writer)}
    if missing := [one.key for one in table if not one.counters and one.name not in written]:
        raise ImportError(
            f"{', '.join(missing)}: declared in {table.__qualname__} of {table.__module__} but "
            f"written by none of {', '.join(writer.__name__ for writer in writers)}; write "
            "the measure there, or declare the counters it adds up"
        )


def assigned(table: type[PanelMeasure], writer: Callable[..., Any]) -> set[str]:
    """Names of the measures whose places a function assigns to, read from its source."""
    found = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(writer)))):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            for name in ast.walk(target.slice) if isinstance(target, ast.Subscript) else ():
                if isinstance(name, ast.Attribute) and ast.unparse(name.value) == table.__name__:
                    found.add(name.attr)
    return found
