"""Sweeps: designs of many scenarios, simulated under the same seeds and kept in a store."""
