"""What is true of a worker, read from the columns: formulas that take one record or many."""

from __future__ import annotations

from sim.agents.readings import OneOrMany, Rows
from sim.engine.worker_columns import (
    AWAY,
    EMPLOYED,
    EXPERIENCED,
    NO_PAPER,
    ORDINARY,
    REPATRIATED,
    RETAINED,
    TIED,
    UNTRAINED,
    WORK,
)

ID_SPACE = 40
"""Bits of a unique_id that hold a worker's index within its group.

Mesa numbers registered agents from 1; they never reach the bits above, so no id occurs twice.
"""


def number(rows: Rows) -> OneOrMany:
    """Group and index in the group: stays with the worker whoever else is added."""
    return ((rows.group + 1) << ID_SPACE) + (rows.rows - int(rows.own["first"]))


def nobody(rows: Rows) -> OneOrMany:
    """For columns that a kind of group does not use."""
    return False


def employed(rows: Rows) -> OneOrMany:
    """Has a firm and a trade there."""
    return rows.column("status") == EMPLOYED


def inside(rows: Rows) -> OneOrMany:
    """Employed or seeking."""
    return (rows.column("status") != AWAY) & (rows.column("status") != REPATRIATED)


def on_paper(rows: Rows) -> OneOrMany:
    """Works on a paper of any kind."""
    return employed(rows) & (rows.column("paper") != NO_PAPER)


def under_cover(rows: Rows) -> OneOrMany:
    """Works on a student's or tourist's paper."""
    return employed(rows) & (rows.column("paper") > WORK)


def awaiting_transport(rows: Rows) -> OneOrMany:
    """Works on without a paper."""
    return employed(rows) & (rows.column("paper") == NO_PAPER)


def placed(rows: Rows) -> OneOrMany:
    """Was given a carve-out place."""
    return rows.column("terms") == RETAINED


def tied(rows: Rows) -> OneOrMany:
    """Belongs to a crew that stays for good."""
    return rows.column("terms") == TIED


def on_a_stay(rows: Rows) -> OneOrMany:
    """In the country for a limited stay."""
    return inside(rows) & (rows.column("terms") == ORDINARY)


def experienced(rows: Rows) -> OneOrMany:
    """Counted as experienced in the month last simulated."""
    return rows.column("experienced_from") < rows.model.month


def learning(rows: Rows) -> OneOrMany:
    """Has a job and still learns it."""
    return employed(rows) & ~experienced(rows)


def has_learned(rows: Rows) -> OneOrMany:
    """Has had a learning time since he came."""
    return (rows.column("experienced_from") != EXPERIENCED) & (
        rows.column("experienced_from") != UNTRAINED
    )
