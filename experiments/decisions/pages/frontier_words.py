"""The front of schedules, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.decisions.dated_measures import worded
from experiments.decisions.pages.shared_words import scale_note
from experiments.sweeps.reporting.point_names import counted, short_key, value_text

WORDS = {
    "Front": "The schedules that no other is better than in everything that is traded: whoever "
    "wants more of one thing must give up some of another.",
    "Dominated": "A policy is dominated by another that is, on average over the draws, nowhere "
    "worse and somewhere better. Of several, the one is named that gains most where it gains "
    "least.",
    "Fresh draws": "Draws of the posterior, and seeds, that the search did not use. The best of "
    "many candidates are partly the luckiest, so the front is judged by other runs than those "
    "that found it.",
}


def sentence(numbers: Mapping[str, Any]) -> str:
    """The finding in a few sentences."""
    return " ".join([extent(numbers), *(dominated_words(numbers, e) for e in numbers["shipped"])])


def extent(numbers: Mapping[str, Any]) -> str:
    """How many schedules are on the front, and from where to where it reaches."""
    kept = [each for each in numbers["schedules"] if each["on_front"]]
    count = f"Of {counted(numbers['schedules_tried'], 'schedule')} tried"
    if not kept:
        return f"{count}, none is on the front: shipped policies dominate all."
    ordered = sorted(kept, key=lambda each: each["means"][0][1])
    ends = [ordered[0], ordered[-1]] if len(ordered) > 1 else ordered
    parts = [f"{end_words(numbers, each)}, with {schedule_name(each['values'])}" for each in ends]
    stand = "stands" if len(kept) == 1 else "stand"
    return f"{count}, {len(kept)} {stand} on the front, from {'; to '.join(parts)}."


def end_words(numbers: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """What an entry reads in each objective."""
    rows = zip(numbers["labels"], numbers["units"], entry["means"], strict=True)
    return worded([f"{label} of {amount(means)} {unit}" for label, unit, means in rows])


def dominated_words(numbers: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """Whether a shipped policy is dominated, by what and by how much."""
    found = entry["dominated"]
    if found is None:
        return f"{entry['name']} is not dominated."
    known = {each["name"]: each for each in [*numbers["schedules"], *numbers["shipped"]]}
    by = known[found["by"]]
    how = f" ({schedule_name(by['values'])})" if by in numbers["schedules"] else ""
    rows = zip(numbers["labels"], numbers["units"], found["difference"], strict=True)
    change = worded([f"{label} {signed(gap)} {unit}" for label, unit, gap in rows if any(gap)])
    share = f"{100 * found['share_of_draws']:.0f}\u00a0%"
    return (
        f"{entry['name']} is dominated by {found['by']}{how}, on average by {change}; it is "
        f"nowhere better in {share} of draws."
    )


def schedule_name(values: Mapping[str, Any]) -> str:
    """'leave by 2019-08-20, employer fine rub 63,300': numbers to three digits."""
    return ", ".join(f"{axis_name(key)} {three_digits(value)}" for key, value in values.items())


def axis_name(key: str) -> str:
    """'leave by' for policy.leave_by, 'employer fine rub' for levers.employer_fine.rub."""
    section, _, rest = key.partition(".")
    return rest.replace(".", " ").replace("_", " ") if section == "levers" else short_key(key)


def three_digits(value: Any) -> str:
    """A number to three digits; whole numbers and dates as they are."""
    return value_text(float(f"{value:.3g}") if isinstance(value, float) else value)


def amount(interval: Sequence[float]) -> str:
    """A mean with its interval, to three digits."""
    low, middle, high = map(three_digits, interval)
    return middle if low == high else f"{middle} [{low} to {high}]"


def signed(interval: Sequence[float]) -> str:
    """A difference with its interval."""
    return f"+{amount(interval)}" if interval[1] > 0.0 else amount(interval)


def caution(numbers: Mapping[str, Any]) -> list[str]:
    """What the answer rests on."""
    luck = worded(
        [
            f"{value_text(float(f'{each:+.2g}'))} {unit} in {label}"
            for each, unit, label in zip(
                numbers["luck"], numbers["units"], numbers["labels"], strict=True
            )
        ]
    )
    fallen = sum(not each["on_front"] for each in numbers["schedules"])
    found = [
        f"Searched over {numbers['over']}; whatever else a schedule has is that of "
        f"{numbers['policy']}.",
        f"Found under {numbers['draws']} draws of the posterior, the same for every schedule; "
        f"figures are those of {numbers['fresh_draws']} other draws under other seeds, of which "
        f"the front of the search differed on average by {luck}, and by which "
        f"{counted(fallen, 'schedule')} of it fell off the front.",
        "Brackets are 95 % intervals over draws. A search shows good schedules, not that there "
        "are no better ones; more candidates may find some.",
    ]
    constant = [
        label
        for place, label in enumerate(numbers["labels"])
        if len({each["means"][place][1] for each in numbers["schedules"]}) == 1
    ]
    if constant and len(numbers["schedules"]) > 1:
        found.append(f"Every schedule of the front has the same {worded(constant)}.")
    return [*found, *scale_note(numbers)]
