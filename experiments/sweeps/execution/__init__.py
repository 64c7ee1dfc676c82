"""How the runs of a sweep are carried out: threads, processes or a Dask cluster."""
