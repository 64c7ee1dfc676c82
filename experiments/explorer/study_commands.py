"""The commands of the studies that a page may start, with the scenario of its sliders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.explorer.address import ExplorerScenario, changes_of, value_as_text
from sim.inputs.problems import ScenarioError, refused

SCALE = 0.05
"""Studies are simulated at this part of the krai, so that they end in minutes."""
COMPLIANCE = "policy.compliance"
LARGEST_LIMIT_PERCENT = 100.0


class StudyKind(NamedTuple):
    """A kind of study: its title, what it answers, and its command without the scenario."""

    title: str
    help: str
    words: Callable[[float, str], Sequence[str]]
    takes_axis: bool = True
    """Whether compliance is what it varies, so that the scenario's own is left out."""


def sweep_words(_: float, uncertainty: str) -> Sequence[str]:
    """The sweep over compliance, under the draws of the page."""
    return ["experiments.sweep", "experiment=compliance", f"uncertainty={uncertainty}"]


def ask_words(limit: float, _: str) -> Sequence[str]:
    """Up to which compliance the shortfall at the deadline stays within a limit."""
    goal = f"shortfall_percent at deadline <= {limit:g}"
    return ["experiments.ask", goal, f"over={COMPLIANCE}", "draws=40"]


def sensitivity_words(_: float, __: str) -> Sequence[str]:
    """Which parameters the shortfall hangs on."""
    return ["experiments.sensitivity", "rows=32"]


KINDS = {
    "sweep": StudyKind(
        "Sweep over compliance",
        "The answer at 21 levels of compliance, from looking away to the letter.",
        sweep_words,
    ),
    "ask": StudyKind(
        "Up to which compliance a goal is met",
        "Up to which compliance the shortfall at the deadline stays within the limit, with a "
        "probability of 0.9 over the draws of the parameters.",
        ask_words,
    ),
    "sensitivity": StudyKind(
        "What the answer hangs on",
        "Which parameters account for the variance of the shortfall at the deadline; those that "
        "are moved are held.",
        sensitivity_words,
        takes_axis=False,
    ),
}
STUDY_HELP = " ".join(
    f"{kind.title}: {kind.help[:1].lower()}{kind.help[1:]}" for kind in KINDS.values()
)


def study_command(
    kind: str, scenario: ExplorerScenario, limit: Any, folder: Path
) -> tuple[str, list[str]]:
    """The title of a study and its command; raises ScenarioError if the limit is none."""
    if not isinstance(limit, int | float) or not 0.0 < limit <= LARGEST_LIMIT_PERCENT:
        allowed = f"above 0 up to {LARGEST_LIMIT_PERCENT:g} (percent)"
        raise ScenarioError([refused("limit", limit, allowed, "change it")])
    chosen, changes = KINDS[kind], dict(changes_of(scenario))
    if chosen.takes_axis:
        changes.pop(COMPLIANCE, None)
    words = [
        *chosen.words(float(limit), scenario.uncertainty),
        f"policy={scenario.policy}",
        *(f"{key}={value_as_text(value)}" for key, value in changes.items()),
        f"market.scale={SCALE}",
        f"output_dir={folder}",
    ]
    return chosen.title, words
