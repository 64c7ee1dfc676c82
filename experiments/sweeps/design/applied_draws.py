"""Which keys of a sampling a sweep applies, and why it leaves others out.

A key is left out where the user has set it otherwise; a column of a table also where it is none of
the configuration. Each comes with its reason, so that nothing given is ignored without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from experiments.configuration.variants import Value, annotation_at, takes_whole_numbers
from experiments.sweeps.design.parameter_draws import parameter_draws
from experiments.sweeps.design.sampling import Sampling
from experiments.sweeps.design.sweep_keys import SHARED_KEYS
from sim.inputs.dotted_keys import declared_keys
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.scenario import Scenario

Draw = Mapping[str, Value]


class SetOtherwise(NamedTuple):
    """What a user has set by other means than the sampling: axes, and keys of the command line."""

    axes: frozenset[str]
    fixed: frozenset[str]


class AppliedDraws(NamedTuple):
    """Draws with the keys that are applied, and a sentence for everything that is left out."""

    draws: list[Draw]
    notes: list[str]


def applied_draws(
    scenario: Scenario, sampling: Sampling | None, otherwise: SetOtherwise
) -> AppliedDraws:
    """The draws of a sampling; one empty draw if nothing is sampled.

    Raises ScenarioError for a column that looks like a misspelt key, and if no key is applied.
    """
    if sampling is None:
        return AppliedDraws([{}], [])
    whole = [key for key in sampling.ranges if takes_whole_numbers(annotation_at(scenario, key))]
    draws = parameter_draws(sampling, whole)
    reasons = {key: left_out_because(scenario, key, sampling, otherwise) for key in draws[0]}
    check_columns(scenario, sampling, reasons)
    applied: list[Draw] = [
        {key: value for key, value in draw.items() if reasons[key] is None} for draw in draws
    ]
    return AppliedDraws(applied, [*left_out_notes(sampling, reasons), *equal_notes(applied)])


def left_out_because(
    scenario: Scenario, key: str, sampling: Sampling, otherwise: SetOtherwise
) -> str | None:
    """Why a key of the sampling is left out; None if it is applied."""
    if annotation_at(scenario, key) is None:
        return "not a key of the configuration"
    if key.split(".")[0] in SHARED_KEYS:
        return "one value for all runs of a sweep"
    if key in otherwise.axes:
        return "set by an axis"
    if key in otherwise.fixed:
        return "set on the command line"
    # The strength of a policy was fitted to the policy that was observed. Any other policy keeps
    # the numbers of its own file.
    fitted_to, own = sampling.fitted_to, scenario.policy.name
    if fitted_to is None or not key.startswith("policy."):
        return None
    if "policy" in otherwise.axes:
        return f"fitted to policy={fitted_to}, and policy is an axis, each with its own value"
    return None if own == fitted_to else f"fitted to policy={fitted_to}; {own} keeps its own value"


def check_columns(
    scenario: Scenario, sampling: Sampling, reasons: Mapping[str, str | None]
) -> None:
    """Raise ScenarioError if a column looks like a misspelt key, or if no key is applied."""
    at = f"experiment.axes.{sampling.method}"
    known = [name for name in declared_keys(Scenario) if annotation_at(scenario, name)]
    sections = {name.split(".")[0] for name in known if "." in name}
    problems = [
        f"{at}: column {unknown(name, 'a column', known)}, or rename the column"
        for name in reasons
        if annotation_at(scenario, name) is None and name.split(".")[0] in sections
    ]
    if not problems and sampling.file and all(reasons.values()):
        allowed = "columns named by keys of the configuration, such as population.russian.pool"
        problems = [refused(f"{at}.file", sampling.file, allowed, "; ".join(grouped(reasons)))]
    if problems:
        raise ScenarioError(problems)


def left_out_notes(sampling: Sampling, reasons: Mapping[str, str | None]) -> list[str]:
    """A sentence for each reason for which keys are left out."""
    source = f"the table {sampling.file}" if sampling.file else f"experiment.axes.{sampling.method}"
    return [f"Left out of {source}: {text}." for text in grouped(reasons)]


def grouped(reasons: Mapping[str, str | None]) -> list[str]:
    """Each reason once, with the keys that are left out for it: 'a, b (set by an axis)'."""
    keys: dict[str, list[str]] = {}
    for key, reason in reasons.items():
        if reason is not None:
            keys.setdefault(reason, []).append(key)
    return [f"{', '.join(names)} ({reason})" for reason, names in keys.items()]


def equal_notes(draws: Sequence[Draw]) -> list[str]:
    """A sentence that some draws are equal, if they are."""
    different = len({tuple(draw.items()) for draw in draws})
    if different == len(draws):
        return []
    return [
        f"Of {len(draws):,} draws {different:,} are different; equal ones share their runs, and "
        "each counts."
    ]
