"""What every control is, from the files that check its key, and why one cannot change the answer.

Meanings come from key_meanings.yaml, units and allowed ranges from the annotations that the checks
enforce, and sources from sim/evidence/parameters.yaml.
"""

from __future__ import annotations

import functools

from experiments.configuration.key_descriptions import allowed_at, meaning_of
from experiments.explorer.address import ExplorerScenario, settings_of
from experiments.explorer.controls import (
    DEFAULT_POLICY,
    LEVERS_FROM,
    Control,
    configuration_of,
    default_value,
    end_text,
)
from experiments.reporting.question import policy_words
from sim.inputs.dated_inputs import parameters
from sim.scenario import Policy

OWN_WORDS = {
    LEVERS_FROM.key: "Month from which the levers that are moved apply. A choice of yours.",
    "policy": "Which policy is simulated. Its numbers stand in the sliders below.",
    "uncertainty": "From which distribution the parameters are drawn that nobody knows well. "
    "posterior: their ranges, fitted to what was observed to the end of 2018. prior: the ranges "
    "alone. elicited: the ranges with what sources say of them. none: all stay at their defaults, "
    "and intervals hold chance only.",
    "replicates": "Random histories that are simulated. Two share a draw of the parameters. More "
    "of them take longer, and narrow the error of medians and intervals.",
    "scenario_name": "A name for the scenario that is shown, up to 40 characters. Scenarios that "
    "you keep are simulated with the same draws and seeds, and stand beside one another.",
    "compare_with": "A finished result or a point of a sweep. Its runs have draws of their own, so "
    "it is shown as levels beside the scenarios, not as a difference.",
    "reference": "Levels, or the difference of each other scenario from this one, draw by draw.",
}
"""Controls that set no key of the model by themselves."""
DRAWN_WORDS = "While it is not moved, every draw has its own value; once moved it is held."


@functools.cache
def explanation(control: Control) -> str:
    """What a slider sets, its unit and range, its default, and the source of both."""
    if control.key in OWN_WORDS:
        return OWN_WORDS[control.key]
    meaning = meaning_of(control.key, kinds_of_groups())
    parts = [
        f"{meaning[:1].upper()}{meaning[1:]}.",
        f"Unit: {control.unit}." if not control.month else "",
        f"Allowed: {allowed_at(control.key, kinds_of_groups())}; this slider: "
        f"{end_text(control, control.low)} to {end_text(control, control.high)}.",
        f"Not set: {default_text(control)}.",
        DRAWN_WORDS if control.drawn else "",
        source_text(control.key),
    ]
    return " ".join(part for part in parts if part)


def kinds_of_groups() -> dict[str, str]:
    """The kind of each group of the shipped population, by its name."""
    groups = configuration_of(DEFAULT_POLICY)["population"]
    return {name: str(group["kind"]) for name, group in groups.items()}


def default_text(control: Control) -> str:
    """What holds if a control is not moved."""
    if control.drawn:
        return f"drawn, or {parameters()[control.key].default:,g} without uncertainty"
    if control.lever:
        return "not in force"
    if control.key.startswith("policy."):
        return "as the policy's file says"
    value = default_value(control, DEFAULT_POLICY)
    return f"{value:,g}" if isinstance(value, int | float) else str(value)


def source_text(key: str) -> str:
    """Where a key's default and range come from."""
    known = parameters().get(key)
    if known is None:
        return "Source: the policy's file, which cites the resolutions."
    basis = f"Source: {known.source}" if known.source else f"Assumption: {known.reason}"
    return f"{basis}. Confidence: {known.confidence}."


def policy_help() -> str:
    """What each policy is."""
    listed = "; ".join(
        f"{words['title']}: {words['question'].format(by='')}" for words in policy_words().values()
    )
    return f"{OWN_WORDS['policy']} {listed}."


def idle_reasons(scenario: ExplorerScenario) -> dict[str, str]:
    """Why a control cannot change the answer, by its key; the scenario must be a valid one."""
    policy = settings_of(scenario).scenario.policy
    reasons: dict[str, str] = {}
    if is_without_dates(policy):
        because = "This policy has no dates, so nobody is made to leave; set a deadline first."
        reasons |= dict.fromkeys(
            ("policy.compliance", "policy.inspection_rate", "policy.retained_workers"), because
        )
        reasons["levers.employer_fine.rub"] = because
    elif policy.compliance >= 1.0:
        reasons["policy.inspection_rate"] = (
            "At compliance 1 everybody is made to leave, so nobody is under cover to be inspected."
        )
    elif policy.compliance <= 0.0:
        because = "At compliance 0 inspections are not acted upon, so they find nobody."
        reasons |= dict.fromkeys(("policy.inspection_rate", "levers.employer_fine.rub"), because)
    if not any(key.startswith("levers.") for key in scenario.values):
        reasons[LEVERS_FROM.key] = "No lever is moved, so there is nothing that could begin."
    return reasons


def is_without_dates(policy: Policy) -> bool:
    """Whether a policy has no date, so that none of its numbers ever binds."""
    return (
        policy.leave_by is None
        and policy.adopted_from is None
        and (policy.new_contracts_end_from is None)
    )
