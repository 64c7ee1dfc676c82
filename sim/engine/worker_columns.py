"""The worker columns: one row a worker, every column an integer in a stated unit."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

STATUSES = ("away", "seeking", "employed", "repatriated")
AWAY, SEEKING, EMPLOYED, REPATRIATED = range(4)
PAPERS = ("none", "work", "student", "tourist")
NO_PAPER, WORK, STUDENT, TOURIST = range(4)
TERMS = ("ordinary", "tied crew", "retained place")
ORDINARY, TIED, RETAINED = range(3)

NOWHERE = -1
NEVER = 127
LAST_MONTH = 126
BURN_IN_MONTHS = 24
UNTRAINED = 32767
EXPERIENCED = -32768
STANDARD_WORKER = 1000


class Column(NamedTuple):
    """One worker column: how it is stored and what its numbers mean."""

    name: str
    dtype: str
    unit: str
    meaning: str


COLUMNS = (
    Column("firm", "i4", "index", "employer; -1 without a job"),
    Column(
        "contract_end",
        "i2",
        "month from start",
        "first month not covered by the contract or stay; of those who have neither, the month in "
        "which the job began, where structure.separations protects incumbents",
    ),
    Column("paper_end", "i2", "month from start", "first month not covered by the paper"),
    Column(
        "experienced_from",
        "i2",
        "month from start",
        "month from which a learner counts as experienced; 32767 not yet hired",
    ),
    Column(
        "efficiency",
        "i2",
        "thousandths of a standard worker",
        "labour supplied when employed (1000 = a resident on full hours)",
    ),
    Column(
        "taste",
        "i2",
        "thousandths of a log point",
        "log outside option relative to the market's attachment",
    ),
    Column("levy_share", "i2", "thousandths of pay", "part of the pay taken by the sending state"),
    Column("group", "u1", "index", "nationality, in the order of the configuration"),
    Column("trade", "i1", "index", "trade; -1 outside construction"),
    Column("status", "u1", "index", "away, seeking, employed, repatriated"),
    Column("paper", "u1", "index", "none, work, student, tourist"),
    Column("terms", "u1", "index", "ordinary, tied crew, retained place"),
)

WORKER = np.dtype([(column.name, column.dtype) for column in COLUMNS])
