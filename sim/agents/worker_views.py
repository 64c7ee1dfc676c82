"""Workers as Mesa agents: each is a light, read-only view of one row of the columns.

Views are made when somebody asks for them and are never registered with the model. Each kind of
group has a class; each configured nationality has a class derived from it (`worker_class`).
"""

from __future__ import annotations

import copyreg
import functools
from typing import Any, NoReturn, cast

import mesa

from sim.agents import worker_pay as money
from sim.agents import worker_states as states
from sim.agents.readings import (
    Formula,
    Peopled,
    Reading,
    Rows,
    Word,
    month_reading,
    thousandths_reading,
)
from sim.agents.worker_pay import pay
from sim.engine.worker_columns import PAPERS, STATUSES, TERMS
from sim.inputs.problems import nearest
from sim.workers.kinds import Kind


def question(meaning: str, read: Formula) -> Reading[bool]:
    """A property that holds or does not."""
    return Reading(bool, "yes or no", meaning, read)


class WorkerType(type):
    """The type of the view classes: pickles find those that `worker_class` makes."""


def pickled_class(kind: WorkerType) -> str | tuple[Any, ...]:
    """How pickles refer to a view class."""
    made_for = vars(kind).get("_made_for")
    return (worker_class, made_for) if made_for else kind.__qualname__


copyreg.pickle(WorkerType, pickled_class)


class Worker(mesa.Agent[Any], metaclass=WorkerType):
    """One worker, seen read-only: every property is read from the columns when it is asked for."""

    unique_id: Reading[int] = Reading(
        int, "number", "identity within the model, apart from registered agents' ids", states.number
    )
    nationality: Word[str] = Word(
        "group",
        "nationality as the configuration names it",
        lambda model: list(model.specification.population),
    )
    trade: Word[str | None] = Word(
        "trade", "trade; None outside construction", lambda model: model.specification.market.trades
    )
    status: Word[str] = Word("status", "away, seeking, employed or repatriated", lambda _: STATUSES)
    paper: Word[str] = Word("paper", "none, work, student or tourist", lambda _: PAPERS)
    terms: Word[str] = Word("terms", "ordinary, tied crew or retained place", lambda _: TERMS)
    firm: Reading[int | None] = Reading(
        int,
        "index",
        "employer; None without a job",
        lambda rows: rows.column("firm"),
        states.employed,
    )
    efficiency: Reading[float] = thousandths_reading(
        "efficiency", "standard workers", "labour supplied when employed"
    )
    levy_share: Reading[float] = thousandths_reading(
        "levy_share", "share", "part of the pay taken by the sending state"
    )
    is_employed: Reading[bool] = question("has a job in construction", states.employed)
    is_experienced: Reading[bool] = question(
        "counts as experienced when places are rationed", states.experienced
    )
    contract_end: Reading[str | None] = month_reading(
        "contract_end", "first month after contract or stay; None without", states.nobody
    )
    paper_end: Reading[str | None] = month_reading(
        "paper_end", "first month after the paper; None without a dated one", states.nobody
    )
    wage_real: Reading[float] = pay(
        "base wages", "monthly pay in prices of the start", money.wage_share
    )
    wage_rub: Reading[float] = pay("nominal RUB a month", "pay of this month", money.wage_rub)
    wage_usd: Reading[float] = pay("USD a month", "pay of this month", money.wage_usd)

    def __init__(self, model: Peopled, row: int) -> None:
        self.__dict__.update(model=model, row=row)

    def as_rows(self) -> Rows:
        """This worker as formulas take it."""
        return Rows(self.model, int(self.model.state.workers["group"][self.row]), self.row)

    @property
    def pos(self) -> None:
        """Workers have no place but their firm."""
        return None

    def remove(self) -> NoReturn:
        """Refuse: workers leave by the model's rules."""
        raise TypeError("remove: workers leave through the model's rules only")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(
            f"{name}: workers are read-only here; "
            "their columns change through the model's rules only"
        )

    def __getattr__(self, name: str) -> Any:
        """Name the closest property; an error from within one that exists passes as it is."""
        if hasattr(type(self), name):
            return super().__getattribute__(name)
        close = nearest(name, (known for known in dir(type(self)) if not known.startswith("_")))
        raise AttributeError(
            f"{type(self).__name__} has no attribute {name!r}"
            + (f"; the closest is {close!r}" if close else "")
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Worker) and self.model is other.model and self.row == other.row

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy or pickle holds the model, as that of any Mesa agent does."""
        return type(self), (self.model, self.row)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}: {self.status}>"


class ContractCrewWorker(Worker):
    """A worker sent by his state: paid the contract price, of which the state keeps a levy."""

    wage_real: Reading[float] = pay(
        "base wages", "contract price in prices of the start", money.contract_share
    )
    wage_rub: Reading[float] = pay(
        "nominal RUB a month", "contract price at the month's rate", money.contract_rub
    )
    wage_usd: Reading[float] = pay("USD a month", "contract price", money.contract_usd)
    levy_usd: Reading[float] = pay("USD a month", "what the sending state takes", money.levy_usd)
    pay_kept_usd: Reading[float] = pay("USD a month", "what the worker keeps", money.pay_kept_usd)
    contract_end: Reading[str | None] = month_reading(
        "contract_end", "first month after the contract", states.employed
    )
    paper_end: Reading[str | None] = month_reading(
        "paper_end", "first month after the paper; None without a paper", states.on_paper
    )
    is_under_cover: Reading[bool] = question(
        "works on a student's or tourist's paper", states.under_cover
    )
    awaits_transport: Reading[bool] = question(
        "works on without a paper until a transport takes him", states.awaiting_transport
    )
    holds_place: Reading[bool] = question("was given a carve-out place", states.placed)


class TemporaryMigrantWorker(Worker):
    """A worker who comes for the pay and for a limited stay, or belongs to a tied crew."""

    contract_end: Reading[str | None] = month_reading(
        "contract_end", "first month after the stay; None away or tied", states.on_a_stay
    )
    is_tied: Reading[bool] = question("belongs to a crew that stays for good", states.tied)


class ResidentWorker(Worker):
    """A local worker, who weighs construction against an outside option and learns the trade."""

    taste: Reading[float] = thousandths_reading(
        "taste", "log points", "log outside option relative to the market's attachment"
    )
    experienced_from: Reading[str | None] = month_reading(
        "experienced_from",
        "month in which learning ends or ended; None without a learning time",
        states.has_learned,
    )
    is_learner: Reading[bool] = question("employed and still learning", states.learning)


class CommuterWorker(Worker):
    """A worker from across the border: how many come follows a dated series."""


class NorthKoreanWorker(ContractCrewWorker):
    """A North Korean on a contract between his state and a Russian firm."""


class ChineseWorker(TemporaryMigrantWorker):
    """A Chinese construction worker or candidate."""


class RussianWorker(ResidentWorker):
    """A Russian of the region's construction labour force, in or out of a job."""


KIND_CLASSES: dict[str, type[Worker]] = {
    Kind.CONTRACT_CREW.key: ContractCrewWorker,
    Kind.TEMPORARY_MIGRANT.key: TemporaryMigrantWorker,
    Kind.RESIDENT.key: ResidentWorker,
    Kind.COMMUTER.key: CommuterWorker,
}
"""Views with readings of their own; a kind without one is seen as a plain Worker."""
SHIPPED: dict[tuple[str, str], type[Worker]] = {
    ("north_korean", "contract_crew"): NorthKoreanWorker,
    ("chinese", "temporary_migrant"): ChineseWorker,
    ("russian", "resident"): RussianWorker,
}


@functools.cache
def worker_class(nationality: str, kind: str) -> type[Worker]:
    """The view class of a configured nationality: `central_asian` becomes CentralAsianWorker.

    Every call with the same arguments returns the same class.
    """
    if (nationality, kind) in SHIPPED:
        return SHIPPED[nationality, kind]
    base = KIND_CLASSES.get(kind, Worker)
    name = "".join(part.capitalize() for part in nationality.split("_")) + "Worker"
    body: dict[str, Any] = {
        "__doc__": f"A worker of the group {nationality!r}, a {kind.replace('_', ' ')}.",
        "__module__": __name__,
        "_made_for": (nationality, kind),
    }
    return cast(type[Worker], WorkerType(name, (base,), body))
