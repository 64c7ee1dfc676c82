"""The store of a sweep: every run kept as it is finished, whatever happens to the machine."""
