"""The reference model: sim/ODD.md read as plain objects, one `mesa.Agent` a worker, to hold the engine to the last bit."""
