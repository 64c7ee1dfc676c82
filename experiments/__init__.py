"""Commands that run the model, sweep it, calibrate it, validate it and show its results."""

import os
import sys

from experiments.command_line.signals import say_that_it_was_loading

if sys.argv and os.path.basename(sys.argv[0]) in ("-m", "primorye"):
    # Python is about to run a command, whose libraries take seconds to load.
    say_that_it_was_loading()
