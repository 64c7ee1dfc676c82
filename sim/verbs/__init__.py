"""The month's verbs, one compiled sweep a file; LabourMarket.step calls them in order."""

from sim.engine import numba_state as numba_state
