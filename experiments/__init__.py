"""Commands that run the model, sweep it, calibrate it, validate it and show its results."""

import sys

from experiments.signals import say_that_it_was_loading

if sys.argv[:1] == ["-m"]:
    # Python is about to run a command, whose libraries take seconds to load.
    say_that_it_was_loading()
