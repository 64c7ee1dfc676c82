"""WorkerSet: Mesa's AgentSet interface over worker columns.

Known properties are read for all workers at once.
"""

from __future__ import annotations

import itertools
import warnings
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import nullcontext
from typing import Any, Literal, Self, TypeGuard, overload

import numpy as np
from mesa.agentset import GroupBy

from sim.agents.fixed_set import FixedSet, at_most_of
from sim.agents.property_columns import WorkerColumns, worker_types
from sim.agents.readings import Peopled
from sim.agents.worker_views import Worker
from sim.engine.worker_columns import Array

EVERYBODY = float("inf")


class WorkerSet(FixedSet[Worker]):
    """Rows of the columns as a set of agents.

    Which workers belong to it is fixed; what is read of them is always current.
    """

    def __init__(self, model: Peopled, rows: Array) -> None:
        self.model, self.rows = model, rows
        self.columns = WorkerColumns(model, rows)

    def __len__(self) -> int:
        return int(self.rows.size)

    def __iter__(self) -> Iterator[Worker]:
        types = worker_types(self.model)
        for row, group in zip(self.rows.tolist(), self.columns.groups().tolist(), strict=True):
            yield types[group](self.model, row)

    def __contains__(self, agent: object) -> bool:
        return (
            isinstance(agent, Worker)
            and agent.model is self.model
            and bool(np.any(self.rows == agent.row))
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkerSet):
            return NotImplemented
        return self.model is other.model and np.array_equal(np.sort(self.rows), np.sort(other.rows))

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, item: int) -> Worker: ...
    @overload
    def __getitem__(self, item: slice) -> list[Worker]: ...
    def __getitem__(self, item: int | slice) -> Worker | list[Worker]:
        """One worker, or a list of them, in the order of the set."""
        if isinstance(item, slice):
            return list(self._at(item))
        return next(iter(self._at(np.array([item]))))

    def __and__(self, other: object) -> WorkerSet:
        """Those in both sets."""
        return self._at(np.isin(self.rows, other.rows)) if self._is_alike(other) else NotImplemented

    def __sub__(self, other: object) -> WorkerSet:
        """Those not in the other set."""
        return (
            self._at(~np.isin(self.rows, other.rows)) if self._is_alike(other) else NotImplemented
        )

    def __or__(self, other: object) -> WorkerSet:
        """Those in either set."""
        if not self._is_alike(other):
            return NotImplemented
        return WorkerSet(
            self.model, np.concatenate([self.rows, other.rows[~np.isin(other.rows, self.rows)]])
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} workers>"

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: str = "error",
        default_value: object = None,
    ) -> list[Any]:
        """Values in the order of the set, for one name or a list of names.

        A worker without a value (pay without a job) has NaN or None. A property that some kind of
        worker here lacks raises AttributeError, or gives `default_value` with
        handle_missing="default".
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing: given {handle_missing!r}; allowed: error, default")
        if not isinstance(attr_names, str):
            columns = (self.get(name, handle_missing, default_value) for name in attr_names)
            return [list(values) for values in zip(*columns, strict=True)]
        values = self.columns.read(attr_names)
        if values is not None:
            return values.listed()
        missing = (default_value,) if handle_missing == "default" else ()
        return [getattr(worker, attr_names, *missing) for worker in self]

    @overload
    def agg[R](self, attribute: str, func: Callable[[Any], R]) -> R: ...
    @overload
    def agg[R](self, attribute: str, func: Iterable[Callable[[Any], R]]) -> list[R]: ...
    def agg[R](
        self, attribute: str, func: Callable[[Any], R] | Iterable[Callable[[Any], R]]
    ) -> R | list[R]:
        """Apply a function, or each of several, to the values of those workers that have one.

        So a mean wage is that of the employed. Where nobody has a value, the function gets an empty
        array: a sum is 0, numpy's mean NaN (without a warning), a maximum an error.
        """
        read = self.columns.read(attribute)
        values = self.get(attribute) if read is None else read.known()
        with (
            nullcontext()
            if len(values)
            else warnings.catch_warnings(action="ignore", category=RuntimeWarning)
        ):
            return func(values) if callable(func) else [each(values) for each in func]

    def select(
        self,
        filter_func: Callable[[Worker], bool] | None = None,
        at_most: float = EVERYBODY,
        inplace: bool = False,
        agent_type: type | None = None,
        **conditions: object,
    ) -> WorkerSet:
        """The workers for whom everything holds.

        Conditions compare columns: status="employed", trade=["structural", None].
        """
        self.only_copies("select", inplace)
        chosen = self if agent_type is None else self._at(self.columns.of_type(agent_type))
        for name, wanted in conditions.items():
            chosen = chosen._at(chosen.columns.matches(name, wanted))
        limit = at_most_of(at_most, len(self))
        places = None if limit == EVERYBODY else max(0, int(limit))
        if filter_func is None:
            return chosen._at(slice(places))
        rows = (worker.row for worker in chosen if filter_func(worker))
        return WorkerSet(self.model, np.fromiter(itertools.islice(rows, places), np.int64))

    def groupby(
        self,
        by: Callable[[Worker], Hashable] | str,
        result_type: Literal["agentset", "list"] = "agentset",
    ) -> WorkerGroups:
        """Sets (or lists) of workers by a property or by what a function says of each."""
        positions: dict[Hashable, list[int]] = defaultdict(list)
        for position, key in enumerate(self.get(by) if isinstance(by, str) else map(by, self)):
            positions[key if key == key else None].append(position)
        groups = {key: self._at(np.array(found)) for key, found in positions.items()}
        return WorkerGroups(
            groups
            if result_type == "agentset"
            else {key: list(group) for key, group in groups.items()}
        )

    def sort(
        self, key: Callable[[Worker], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> WorkerSet:
        """The set in order of a property or function, largest first unless `ascending`.

        Workers without a value come last.
        """
        self.only_copies("sort", inplace)
        values = self.get(key) if isinstance(key, str) else self.map(key)
        known = [i for i, value in enumerate(values) if value is not None and value == value]
        order = sorted(known, key=values.__getitem__, reverse=not ascending)
        return self._at(
            np.array([*order, *sorted(set(range(len(self))).difference(known))], np.int64)
        )

    def map(self, method: Callable[..., Any] | str, *args: object, **kwargs: object) -> list[Any]:
        """What a function, or a method of the view, returns for each worker."""
        if isinstance(method, str):
            return [getattr(worker, method)(*args, **kwargs) for worker in self]
        return [method(worker, *args, **kwargs) for worker in self]

    def do(self, method: Callable[..., Any] | str, *args: object, **kwargs: object) -> Self:
        """Call a function on each worker, to look at or count him: views refuse to be changed."""
        self.map(method, *args, **kwargs)
        return self

    def _at(self, chosen: Array | slice) -> WorkerSet:
        """The workers at these positions: a mask, numbers or a slice."""
        return WorkerSet(self.model, self.rows[chosen])

    def _is_alike(self, other: object) -> TypeGuard[WorkerSet]:
        return isinstance(other, WorkerSet) and other.model is self.model


class WorkerGroups(GroupBy):
    """Mesa's GroupBy over worker sets.

    Like WorkerSet.agg it aggregates those workers that have a value.
    """

    def agg(self, attr_name: str, func: Callable[[Any], Any]) -> dict[Hashable, Any]:
        """Func of a property's values in each group."""
        if not all(isinstance(group, WorkerSet) for group in self.groups.values()):
            return super().agg(attr_name, func)  # type: ignore[no-any-return]
        return {key: group.agg(attr_name, func) for key, group in self.groups.items()}


def all_workers(model: Peopled) -> WorkerSet:
    """Every worker of a model, in or out of a job."""
    return WorkerSet(model, np.arange(model.state.workers.size))


def worker_sets(model: Peopled) -> dict[type[Worker], WorkerSet]:
    """The workers of each view class."""
    bounds = zip(worker_types(model), model.state.groups, strict=True)
    return {
        kind: WorkerSet(model, np.arange(int(group["first"]), int(group["last"])))
        for kind, group in bounds
    }
