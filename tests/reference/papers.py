"""The monthly review of crews.

Who must leave, who gets a place, who joins the queue, and whom transport takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.draws import Decision
from sim.engine.panel import Fate
from sim.engine.worker_columns import RETAINED, WORK
from sim.market.monthly_places import places_in_month
from tests.reference.crews import CrewMember

if TYPE_CHECKING:
    from tests.reference.market import ReferenceMarket


def review_crews(market: ReferenceMarket) -> None:
    """Sort those called in, give places, decide departures, fill the transport."""
    called = [
        worker
        for people in market.groups
        for worker in (*people.insiders_called, *people.outsiders_called)
        if isinstance(worker, CrewMember)
    ]
    on_work_paper = [worker for worker in called if worker.paper == WORK]
    queue = [worker for worker in called if worker.paper != WORK and worker.goes_at_once()]
    obliged = [worker for worker in on_work_paper if worker.must_leave() and not worker.puts_off()]
    for worker in obliged:
        worker.people.fates[Fate.MUST_LEAVE] += 1
    give_places(market, obliged)
    queue += [worker for worker in obliged if worker.terms != RETAINED and worker.goes()]
    for worker in queue:
        worker.queue()
    for worker in market.lowest(queue, Decision.TRANSPORT, seats(market, len(queue))):
        worker.go_home()
    for worker in queue:
        worker.work_on()


def give_places(market: ReferenceMarket, obliged: list[CrewMember]) -> None:
    """Free places of the carve-out go to the lowest draws."""
    free = market.in_force["places"] - len(market.place_holders)
    for worker in market.lowest(obliged, Decision.RETAINED_PLACE, free):
        worker.take_place()


def seats(market: ReferenceMarket, waiting: int) -> float:
    """Places on this month's transport."""
    if market.in_force["border_closed"]:
        return 0
    transport = market.in_force["transport_per_month"]
    return waiting if transport < 0 else places_in_month(transport, market.month)
