"""What Mesa holds by weak references, made ready for copies and pickles of a model.

A copied event would otherwise forget its callback as soon as nobody else holds the callback's
owner, and pass in silence; a copied subscription would still call the original's subscriber.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import MethodType
from typing import Any

from mesa.time import Event, EventGenerator, EventList

Callback = Callable[..., Any]
Attributes = dict[str, Any]
SUBSCRIBERS, CALLED_BACK = "subscribers", "_called_back"


def with_strong_references(attributes: Attributes) -> Attributes:
    """A model's attributes with its subscribers and callbacks themselves, for a copy to hold."""
    subscribers = {
        key: [subscriber for reference in references if (subscriber := reference()) is not None]
        for key, references in attributes[SUBSCRIBERS].items()
    }
    return attributes | {SUBSCRIBERS: subscribers, CALLED_BACK: list(callbacks(attributes))}


def with_weak_references(attributes: Attributes) -> Attributes:
    """The attributes of a copy as Mesa has them; CALLED_BACK keeps owners of callbacks alive.

    Events are numbered anew in their order: the numbers decide between events of one time, and
    a fresh process would give lower numbers to events scheduled later.
    """
    subscribers: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, handlers in attributes[SUBSCRIBERS].items():
        subscribers[key] = list(map(weak_reference, handlers))
        attributes[CALLED_BACK] += handlers
    for event in events(attributes):
        event.unique_id = Event(event.time, with_weak_references).unique_id
    return attributes | {SUBSCRIBERS: subscribers}


def callbacks(attributes: Attributes) -> Iterator[Callback]:
    """What scheduled events and recurring ones will call."""
    references = [event.fn for event in events(attributes)]
    generators: set[EventGenerator] = attributes["_event_generators"]
    for reference in [*references, *(generator.function for generator in generators)]:
        if reference is not None and (callback := reference()) is not None:
            yield callback


def events(attributes: Attributes) -> list[Event]:
    """Events to come, the first first. Mesa has no public way to them."""
    scheduled: EventList = attributes["_event_list"]
    return scheduled.peek_ahead(len(scheduled)) if len(scheduled) else []


def weak_reference(callback: Callback) -> Any:
    """What Mesa holds a callback by."""
    return (
        weakref.WeakMethod(callback) if isinstance(callback, MethodType) else weakref.ref(callback)
    )
