"""Rivals of the production rule: teams that stand together, and sites that shut when short."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import exp


@rule
def labour_in_teams(
    labour: float, weight: float, complete_teams: float, use_outside_teams: float
) -> float:
    """Labour of a trade that is at work: its part of the complete teams, and some of the rest.

    A team needs trades in fixed proportions (Leontief), and whoever has no team stands idle in
    part. complete_teams: the least over trades of labour over weight.
    """
    in_teams = weight * complete_teams
    return in_teams + use_outside_teams * max(0.0, labour - in_teams)


@rule
def share_of_sites_open(coverage: float, least_coverage: float, coverage_spread: float) -> float:
    """Share of a firm's labour that is on sites with enough labour to work, 1 at full coverage.

    Sites differ in how much of the labour they need is there; they shut below the least coverage
    (shutdowns of whole plants: Bresnahan & Ramey 1994).
    """
    odds_at_full = exp(-(1.0 - least_coverage) / coverage_spread)
    odds = exp(-(min(coverage, 1.0) - least_coverage) / coverage_spread)
    return (1.0 + odds_at_full) / (1.0 + odds)
