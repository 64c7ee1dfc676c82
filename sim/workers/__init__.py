"""Rules of workers' behaviour, one file for each kind of worker."""
