"""How a sweep is simulated: tasks on threads, processes or a Dask cluster."""
