"""Every draw of the posterior at a small scale, so that results do not hang on which were drawn.

The replicates of a run have few of the draws that the calibration left, and their percentiles move
with the choice. Chance has little weight in a twentieth of the market already, and a run of it
takes a tenth of the time. So every draw is simulated once at that scale: the percentiles are theirs
(two-phase sampling, Neyman 1938). The replicates at the market's own scale say, draw by draw, what
the small scale changes. Where that is more than chance, the percentiles are moved by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.posterior import read_draws
from experiments.configuration.parameter_values import scenario_with
from experiments.ensembles.ensemble import Observers, run_ensemble
from experiments.ensembles.prior_draws import fit_of, own_draws, with_own
from experiments.ensembles.uncertainty import NONE, sampled_parameters
from sim.engine.worker_columns import Array
from sim.inputs.problems import ScenarioError
from sim.scenario import Scenario

SMALL_SCALE = 0.05
LEAST_SCALE, LEAST_REPLICATES = 0.5, 30
"""From this scale and number of replicates on, every draw is simulated unless the user says no."""
LEAST_PAIRS = 5
"""With fewer draws at both scales, nothing is said of the difference between the scales."""
STANDARD_ERRORS = 2.0
"""A difference between scales of up to so many standard errors counts as chance."""

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EveryDraw:
    """One small run of every draw, and which of them are the replicates' draws.

    `scenarios` and `values`, f8[N, T] by measure, are those of the small runs; `places`, i[R], say
    which small run has the draw of each replicate, -1 where none has.
    """

    scenarios: Sequence[Scenario]
    values: Mapping[str, Array]
    places: Places

    @property
    def scale(self) -> float:
        """The scale of the small runs."""
        return self.scenarios[0].market.scale

    def percentiles(self, name: str, full: Array, wanted: Sequence[float]) -> Array:
        """Percentiles f8[P, T] of a measure, of which the replicates have f8[R, T]."""
        return corrected_percentiles(self.values[name], full, self.places, wanted)


def scale_of_every_draw(
    given: float | None, uncertainty: str, scale: float, replicates: int
) -> float | None:
    """The scale at which every draw is simulated; None if it is not.

    given: what the user has set, 0 for not, None to leave it to the size of the run.
    """
    if uncertainty == NONE or given == 0.0:
        return None
    if given is not None:
        return given
    return SMALL_SCALE if scale >= LEAST_SCALE and replicates >= LEAST_REPLICATES else None


def simulate_every_draw(
    resolved: Mapping[str, Any],
    kind: str,
    scale: float,
    sampled: Sequence[Scenario],
    threads: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> EveryDraw:
    """Simulate each draw that fits the configuration once at a small scale.

    sampled: the scenario of each replicate. progress gets the number of runs done, and of all.
    """
    small = every_scenario(resolved, kind, scale)
    observers = Observers(lambda done: progress(done, len(small)))
    values = run_ensemble(small[0], len(small), threads, observers, small)
    return EveryDraw(small, values, places_among(small, sampled))


def every_scenario(resolved: Mapping[str, Any], kind: str, scale: float) -> list[Scenario]:
    """The scenario of every draw that fits the configuration, at a scale, in the fit's order.

    Numbers with a prior of their own, which no fit has, are drawn anew for each.
    """
    free = sampled_parameters(resolved)
    small = {**resolved, "market": {**resolved["market"], "scale": scale}}
    fitting: list[Scenario] = []
    problems: list[str] = []
    known = read_draws(fit_of(kind))
    own = own_draws(resolved, free, kind, len(known), len(known), resolved["seed"])
    for draw, drawn in zip(known, own, strict=True):
        values = {there: draw[key] for there, key in free.items() if key in draw}
        try:
            fitting.append(scenario_with(small, with_own(values, drawn, small)))
        except ScenarioError as error:
            problems += error.problems
    if not fitting:
        raise ScenarioError([f"every_draw_scale: no draw fits at scale {scale:g}", *problems])
    return fitting


def places_among(small: Sequence[Scenario], sampled: Sequence[Scenario]) -> Places:
    """The place of each replicate's draw among the small scenarios; -1 where it is not there."""
    scale = small[0].market.scale
    alike = [at_scale(each, scale) for each in sampled]
    places = [next((n for n, one in enumerate(small) if one == each), -1) for each in alike]
    return np.array(places, dtype=np.int64)


def at_scale(scenario: Scenario, scale: float) -> Scenario:
    """The same scenario at another scale."""
    return replace(scenario, market=replace(scenario.market, scale=scale))


def corrected_percentiles(
    small: Array, full: Array, places: Places, percentiles: Sequence[float]
) -> Array:
    """Percentiles of a measure over every draw at the scale of the replicates: f8[P, T].

    small f8[N, T] and full f8[R, T] are the small runs and the replicates; NaN has no value, and a
    month in which no small run has one is NaN. A percentile that lies at an end of the small runs,
    such as a shortfall of 0 in many of them, stays where it is.
    """
    found: Array = np.full((len(percentiles), small.shape[1]), np.nan)
    known = np.isfinite(small).any(axis=0)
    found[:, known] = np.nanpercentile(small[:, known], percentiles, axis=0)
    low, high = np.fmin.reduce(small, axis=0), np.fmax.reduce(small, axis=0)
    moved = found + difference_between_scales(small, full, places)
    inside: Array = np.where((found > low) & (found < high), moved, found)
    return inside


def difference_between_scales(small: Array, full: Array, places: Places) -> Array:
    """By how much the replicates differ from the small runs of the same draws, chance aside: f8[T].

    The mean difference D of the draws is shrunk by 1 - (2 s / D)^2, s its standard error, and is
    nothing up to 2 s (the nonnegative garrote of Breiman 1995). Nothing with fewer than five draws.
    """
    shared = np.unique(places[places >= 0])
    if len(shared) < LEAST_PAIRS:
        return np.zeros(small.shape[1])
    of_draws = np.array([full[places == place].mean(axis=0) for place in shared])
    differences = of_draws - small[shared]
    mean, error = differences.mean(axis=0), differences.std(axis=0, ddof=1) / len(shared) ** 0.5
    # Where a run has no value, there is no difference; where all are equal, no chance.
    mean, error = np.nan_to_num(mean), np.nan_to_num(error)
    least = STANDARD_ERRORS * error
    ratio = np.divide(least, mean, out=np.ones_like(mean), where=mean != 0.0)
    shrunk: Array = mean * np.clip(1.0 - np.square(ratio), 0.0, 1.0)
    return shrunk
