"""The reference model: sim/ODD.md written as plain objects, with one `mesa.Agent` per worker.

The engine must agree with it to the last bit.
"""
