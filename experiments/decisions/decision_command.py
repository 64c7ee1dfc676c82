"""What the commands that answer questions share: own keys beside those of a sweep, exit statuses.

Every command takes its own keys, all keys of experiments.run and those of experiments.sweep that
say where runs are kept and simulated.
"""

from __future__ import annotations

import importlib
import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.command import DONE, FAILED, OnDisk, UsageError, run_command, say
from experiments.configuration.keys import Key, read_keys
from sim.inputs.problems import ScenarioError, refused

if TYPE_CHECKING:
    from experiments.decisions.finding import Finding
    from experiments.sweeps.design.sweep_settings import SweepSettings

OVERRIDE = re.compile(r"[+~]*[\w./@]+=")
"""How a key=value begins; a goal such as 'shortfall_percent <= 5' has a space before its sign."""
KEPT = "runs that were finished are in the store, and the same command goes on after them"
COMMON_USAGE = """\
  replicates=N seed=N   seeds of the runs
  executor=local|dask   where runs are simulated, as in experiments.sweep; store=FOLDER likewise
  output_dir=outputs    parent of the result folder
  KEY=VALUE             any key of experiments.run, such as policy=cliff or market.scale=0.1

Writes report.html, summary.json and config.yaml to a new folder. Runs are kept in a store: if the
command is stopped, the same command simulates what is missing.
"""


class Question(NamedTuple):
    """A checked question: its words, the command's own keys, the configuration, what was typed."""

    words: tuple[str, ...]
    keys: Mapping[str, Any]
    settings: SweepSettings
    command: str


@dataclass(frozen=True)
class DecisionCommand:
    """A command: its name, the module that answers, and its help.

    The module has the command's own keys, KEYS, and the function `find` that gives the answer. It
    is imported when there is a question: help comes at once. `defaults` are overrides that hold
    unless the user sets their keys, `preset` the design's replicates. `words_wanted`: what words
    beside keys are, empty if there are none.
    """

    name: str
    module: str
    usage: str
    defaults: Sequence[str] = ()
    preset: Mapping[str, Any] = field(default_factory=dict)
    words_wanted: str = ""

    @cached_property
    def method(self) -> ModuleType:
        """The module that answers, imported."""
        return importlib.import_module(self.module)

    def run(self, argv: Sequence[str] | None = None) -> int:
        """Run the command; returns its exit status.

        0 answered, 1 runs failed or the disk is full, 2 input refused, 130 interrupted.
        """
        given, on_disk = list(sys.argv[1:] if argv is None else argv), OnDisk()
        return run_command(lambda: self.answered(given, on_disk), on_disk)

    def answered(self, given: Sequence[str], on_disk: OnDisk) -> int:
        """Print the help, or answer the question: write the finding, print its first sentence."""
        if {"-h", "--help"} & set(given):
            print(self.usage + COMMON_USAGE, end="")
            return DONE
        from experiments.decisions.finding import written
        from experiments.sweeps.store.run_store import StoreStoppedError

        question = self.read(given)
        for note in question.settings.design.notes:
            say(note, DONE)
        try:
            finding: Finding = self.method.find(question)
        except StoreStoppedError as error:
            # Its message says what the store holds.
            return say(str(error), FAILED)
        except ScenarioError:
            raise
        except BaseException:
            on_disk.more = lambda: KEPT
            raise
        resolved = question.settings.resolved
        folder = written(finding, self.name, resolved, question.command, on_disk)
        print("\n".join([finding.answer, "", *finding.caution, "", f"written to {folder}"]))
        return DONE

    def read(self, given: Sequence[str]) -> Question:
        """The checked question; raises ScenarioError with everything that is wrong."""
        from experiments.sweeps.design.sweep_settings import load_sweep

        if options := [word for word in given if word.startswith("-")]:
            raise UsageError(f"{options[0]}: no such option; --help lists the keys")
        own_keys: Mapping[str, Key] = self.method.KEYS
        words = [text for text in given if not OVERRIDE.match(text)]
        own = [text for text in given if OVERRIDE.match(text) and key_of(text) in own_keys]
        rest = [text for text in given if OVERRIDE.match(text) and key_of(text) not in own_keys]
        problems: list[str] = [] if self.words_wanted else [not_a_key(word) for word in words]
        if any(key_of(text) == "experiment" for text in rest):
            allowed = "no design beside the command's own"
            problems.append(refused("experiment", "a design", allowed, "leave it out"))
            rest = [text for text in rest if key_of(text) != "experiment"]
        set_here = {key_of(text) for text in rest}
        defaults = [text for text in self.defaults if key_of(text) not in set_here]
        keys = collected(problems, lambda: read_keys(own, own_keys))
        settings = collected(
            problems, lambda: load_sweep([*defaults, *rest], preset=dict(self.preset))
        )
        if problems:
            raise ScenarioError(problems)
        assert keys is not None
        assert settings is not None
        program = f"python -m experiments.{self.name}"
        return Question(tuple(words), keys, settings, f"{program} {shlex.join(given)}".strip())


def key_of(override: str) -> str:
    """The key that an override sets."""
    return override.partition("=")[0].lstrip("+~")


def not_a_key(word: str) -> str:
    """The line for a word where only keys are taken."""
    return f"{word}: not an argument; allowed: key=value, such as market.scale=0.1"


def collected[Result](problems: list[str], read: Callable[[], Result]) -> Result | None:
    """What `read` returns; None, with its problems appended, if it refuses its input."""
    try:
        return read()
    except ScenarioError as error:
        problems += error.problems
        return None
