"""The month's verbs, one compiled sweep a file; LabourMarket.step calls them in order."""

from sim import compiled_state as compiled_state
