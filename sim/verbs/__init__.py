"""Verbs: the steps of a month, one compiled kernel a file, in the order of LabourMarket.step."""

from sim.engine import numba_state as numba_state
