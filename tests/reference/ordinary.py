"""The same rules written as an ordinary Mesa model.

Every worker is an object that is activated every month, in random order.
"""

from __future__ import annotations

from sim.branches import BASELINE
from sim.engine.worker_columns import AWAY, EMPLOYED
from sim.scenario import Scenario
from sim.workers.kinds import Kind
from tests.reference.locals import LocalWorker
from tests.reference.market import ReferenceMarket
from tests.reference.people import Worker


class OrdinaryMarket(ReferenceMarket):
    """A market without a calendar of events: Mesa's generator decides each month who has one.

    Statistically it is the same market as the event-driven reference, because waiting at a constant
    rate has no memory. The speed of the engine is measured against it. It simulates the baseline
    only: a policy branch would have to be simulated from its start.
    """

    def __init__(self, scenario: Scenario, replicate: int = 0) -> None:
        super().__init__(scenario, replicate, branch=BASELINE)
        self.workers = self.agents.select(lambda agent: isinstance(agent, Worker))

    def apply_policy(self) -> None:
        """Ask everybody whether something happens to him this month."""
        self.agenda.clear()
        self.workers.shuffle_do(self.ask)
        super().apply_policy()

    def ask(self, worker: Worker) -> None:
        """Have a worker visited whose date or event has come."""
        if worker.next_event == self.month and not has_event(worker):
            self.agenda[self.month][worker] = None
        elif has_event(worker):
            dated = (
                getattr(worker, "experienced_from", None) == self.month and worker.status != AWAY
            )
            if dated or self.random.random() < event_rate(worker):
                self.agenda[self.month][worker] = None


def has_event(worker: Worker) -> bool:
    """Whether events happen to a worker: to locals always, to temporary migrants while away.

    Whoever is on a contract or a stay has dates instead.
    """
    return isinstance(worker, LocalWorker) or (
        worker.people.kind == Kind.TEMPORARY_MIGRANT and worker.status == AWAY
    )


def event_rate(worker: Worker) -> float:
    """Monthly chance of an event in the status held."""
    if isinstance(worker, LocalWorker) and worker.status == EMPLOYED:
        return worker.event_rate
    return getattr(worker.people.specification, "reconsider_rate_per_month", 0.0)
