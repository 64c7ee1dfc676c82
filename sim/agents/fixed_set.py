"""A Mesa agent set whose members, columns and order cannot be changed from outside the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import mesa
from mesa.agentset import AbstractAgentSet

MEMBERS = "workers come, stay and go by the model's rules; use select for a smaller set"
COLUMNS = "columns change through the model's rules only; get, agg and select read them"
ORDER = (
    "nothing depends on the order of workers, their draws are tied to their ids; "
    "use sort to look at them in order"
)


class FixedSet[A: mesa.Agent[Any]](AbstractAgentSet[A]):
    """A read-only set of agents: every method that would change it raises TypeError."""

    def _refuse(self, method: str, why: str) -> NoReturn:
        raise TypeError(f"{type(self).__name__}.{method}: {why}")

    def _update(self, agents: Iterable[A]) -> NoReturn:
        self._refuse("select or sort in place", MEMBERS)

    def add(self, agent: A) -> NoReturn:
        """Refuse."""
        self._refuse("add", MEMBERS)

    def discard(self, agent: A) -> NoReturn:
        """Refuse."""
        self._refuse("discard", MEMBERS)

    def remove(self, agent: A) -> NoReturn:
        """Refuse."""
        self._refuse("remove", MEMBERS)

    def set(self, attr_name: str, value: object) -> NoReturn:
        """Refuse."""
        self._refuse("set", COLUMNS)

    def shuffle(self, inplace: bool = False) -> NoReturn:
        """Refuse."""
        self._refuse("shuffle", ORDER)

    def shuffle_do(self, method: object, *args: object, **kwargs: object) -> NoReturn:
        """Refuse."""
        self._refuse("shuffle_do", ORDER)

    def only_copies(self, method: str, inplace: bool) -> None:
        """Refuse `inplace=True`."""
        if inplace:
            self._refuse(f"{method}(inplace=True)", MEMBERS)

    def to_list(self) -> list[A]:
        """All members, each as an agent."""
        return list(self)


def at_most_of(at_most: float, size: int) -> float:
    """Number of agents meant by Mesa's `at_most`.

    A float up to 1 is a share of the set, rounded down; anything else is a count.
    """
    return int(size * at_most) if isinstance(at_most, float) and at_most <= 1.0 else at_most
