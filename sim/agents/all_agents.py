"""Everybody in a model as one Mesa set: the registered state actors first, then the workers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Literal, Self

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy

from sim.agents.fixed_set import FixedSet, at_most_of
from sim.agents.worker_set import EVERYBODY, WorkerSet


class AllAgents(FixedSet[mesa.Agent[Any]]):
    """State actors and workers.

    To sort agents or to aggregate a column, take `workers` or one type of agents.
    """

    def __init__(self, actors: AbstractAgentSet[Any], workers: WorkerSet) -> None:
        self.actors, self.workers = actors, workers

    def __len__(self) -> int:
        return len(self.actors) + len(self.workers)

    def __iter__(self) -> Iterator[mesa.Agent[Any]]:
        return itertools.chain(self.actors, self.workers)

    def __contains__(self, agent: object) -> bool:
        return agent in self.workers or agent in self.actors

    def __getitem__(self, item: int | slice) -> mesa.Agent[Any] | list[mesa.Agent[Any]]:
        """One agent, or a list of them."""
        return self.to_list()[item]

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__}: {len(self.actors)} state actors, {len(self.workers)} workers>"
        )

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: str = "error",
        default_value: object = None,
    ) -> list[Any]:
        """Values of the actors, then of the workers.

        A property that an actor lacks raises AttributeError or gives `default_value`.
        """
        values = self.actors.get(attr_names, handle_missing, default_value)
        return [*values, *self.workers.get(attr_names, handle_missing, default_value)]

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = EVERYBODY,
        inplace: bool = False,
        agent_type: type | None = None,
        **conditions: object,
    ) -> AllAgents:
        """The agents for whom everything holds; conditions on columns leave workers only."""
        self.only_copies("select", inplace)
        limit = at_most_of(at_most, len(self))
        actors = self.actors.select(filter_func, 0 if conditions else limit, agent_type=agent_type)
        return AllAgents(
            actors,
            self.workers.select(filter_func, limit - len(actors), False, agent_type, **conditions),
        )

    def groupby(
        self,
        by: Callable[[Any], Hashable] | str,
        result_type: Literal["agentset", "list"] = "agentset",
    ) -> GroupBy:
        """Agents by a property of all of them or by what a function says of each."""
        actors, workers = self.actors.groupby(by).groups, self.workers.groupby(by).groups
        groups = {
            key: AllAgents(actors.get(key, self._no_actors()), workers.get(key, self._no_workers()))
            for key in {**actors, **workers}
        }
        return GroupBy(
            groups
            if result_type == "agentset"
            else {key: list(group) for key, group in groups.items()}
        )

    def sort(
        self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> AllAgents:
        """Refuse: actors and workers have no common order; sort one type, or use sorted()."""
        self._refuse(
            "sort",
            "sort one type of agents (model.agents_by_type[...]), "
            "or use sorted(model.agents, key=...)",
        )

    def map(self, method: Callable[..., Any] | str, *args: object, **kwargs: object) -> list[Any]:
        """What a function or a method returns for each agent."""
        return [
            *self.actors.map(method, *args, **kwargs),
            *self.workers.map(method, *args, **kwargs),
        ]

    def do(self, method: Callable[..., Any] | str, *args: object, **kwargs: object) -> Self:
        """Call a function on each agent."""
        self.map(method, *args, **kwargs)
        return self

    def _no_actors(self) -> AbstractAgentSet[Any]:
        return AgentSet([], random=self.actors.random)

    def _no_workers(self) -> WorkerSet:
        return WorkerSet(self.workers.model, np.empty(0, np.int64))
