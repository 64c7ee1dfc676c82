"""A Mesa model over compiled code: it can be copied, and refuses what would corrupt its arrays."""

from __future__ import annotations

import copy
import importlib.metadata
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, Self

import mesa
from mesa.experimental.scenarios import Scenario as MesaScenario

from sim.agents.fixed_set import MEMBERS
from sim.agents.weak_references import Attributes, with_strong_references, with_weak_references
from sim.agents.worker_views import Worker
from sim.engine.compiling import source_hash
from sim.engine.pickles import MadeBy, refuse_pickle, version_of

MADE_BY, RUNNER = "_made_by", "_runner"
OF_THIS_PROCESS = frozenset({RUNNER})
"""Attributes that a copy does not take over."""
version_of("code")(source_hash)
version_of("Mesa")(lambda: importlib.metadata.version("mesa"))


def fixed(name: str, read: Callable[[Any], Any]) -> Any:
    """A property that is what a model is made of: it cannot be given another value."""

    def refuse(model: Any, value: object) -> NoReturn:
        raise AttributeError(
            f"{name}: what a model is made of cannot be exchanged; fork it, or build another"
        )

    return property(read, refuse)


class GuardedModel(mesa.Model[Any, Any]):
    """A model whose step may leave its arrays half-way: it is run by one thread, month by month.

    Copies and pickles are independent models that go on as the original does.
    """

    def __init__(self, scenario: MesaScenario) -> None:
        super().__init__(scenario=scenario)
        # Mesa has put a step into the instance that moves its clock; ours looks first.
        self.step = self._step_alone
        self._month_begun: int | None = None
        """The month in which the arrays are half-way: while it runs, and after an error in it."""

    def check_end(self, end_time: float) -> None:
        """Raise ValueError if the model cannot be run up to a time; before anything is run."""

    def run_for(self, duration: float) -> None:
        """Run for so many months (Mesa's time)."""
        with self._alone():
            self.check_end(self.time + duration)
            super().run_for(duration)

    def run_until(self, end_time: float) -> None:
        """Run up to a time in months since the burn-in began (Mesa's time)."""
        with self._alone():
            self.check_end(end_time)
            super().run_until(end_time)

    def _step_alone(self) -> None:
        """What `model.step()` does: one month by Mesa's clock, events included."""
        self.run_for(1)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Refuse a second thread. Events of the first may run the model as well."""
        me = threading.get_ident()
        is_outermost = self.__dict__.get(RUNNER) != me
        if self.__dict__.setdefault(RUNNER, me) != me:
            raise RuntimeError(
                "another thread is running this model: give each thread a model of its own "
                "(fork or copy it before the threads start)"
            )
        try:
            # Mesa schedules no further step after one that raised: its clock would run on alone.
            self.check_settled("run")
            yield
        finally:
            if is_outermost:
                del self.__dict__[RUNNER]

    def check_settled(self, what: str) -> None:
        """Refuse to go on from, to fork or to copy arrays that are half-way through a month."""
        if self.__dict__.get(RUNNER, threading.get_ident()) != threading.get_ident():
            raise RuntimeError(f"another thread is running this model: it cannot be {what} now")
        if self._month_begun is not None:
            raise RuntimeError(
                f"this model is within month {self._month_begun}, or an error broke that month "
                f"off: it cannot be {what}; build it anew, or use a fork or copy from before"
            )

    def __copy__(self) -> Self:
        """A shallow copy would run the original's arrays: every copy is a whole one."""
        return copy.deepcopy(self)

    def __getstate__(self) -> Attributes:
        """What copies and pickles hold; the versions come first, to be read first."""
        self.check_settled("copied")
        own = {name: self.__dict__[name] for name in self.__dict__ if name not in OF_THIS_PROCESS}
        return {MADE_BY: MadeBy(("code", "Mesa")), **with_strong_references(own)}

    def __setstate__(self, attributes: Attributes) -> None:
        """Go on as a copy."""
        if not isinstance(attributes.pop(MADE_BY, None), MadeBy):
            refuse_pickle("it does not name one")
        self.__dict__.update(with_weak_references(attributes))

    def remove_all_agents(self) -> None:
        """Refuse: the state actors and the workers are what the market consists of."""
        raise TypeError(
            f"remove_all_agents: the market consists of its agents; {MEMBERS}. Nothing has to be "
            "removed for the memory to be freed: drop the last reference to the model"
        )

    def register_agent(self, agent: mesa.Agent[Any]) -> None:
        """Register an agent of one's own. Raises TypeError for a worker: columns know him."""
        if isinstance(agent, Worker):
            raise TypeError(f"register_agent: workers are there already; {MEMBERS}")
        super().register_agent(agent)

    def deregister_agent(self, agent: mesa.Agent[Any]) -> None:
        """Take out an agent of one's own. Raises TypeError for what the market consists of."""
        if isinstance(agent, Worker) or agent in self.own_actors():
            raise TypeError(
                f"remove: {type(agent).__name__} is part of the market and stays; only agents "
                "that were added to the model can be removed"
            )
        super().deregister_agent(agent)

    def own_actors(self) -> list[mesa.Agent[Any]]:
        """Registered agents without which the model cannot run."""
        return []
