"""What `experiments.api` gives back: results that show, tabulate, plot and save themselves."""
