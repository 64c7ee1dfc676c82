"""What the charts of a report show: rows of measures over months, with the words that go with them."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.plotting import (
    BLUE,
    DASHES,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Chart,
    Curve,
    Row,
)
from experiments.results.summary_reader import (
    MILLION,
    Summary,
    capitalised,
    crews,
    has_values,
    money,
    people_of_crews,
    place,
    sender,
    standard_worker,
)
from sim.measures.names import nationality
from sim.measures.revenue import EXTRAPOLATED, PUBLIC, PUBLIC_TOTALS

PUBLIC_TITLE = "Public costs and revenue of the levers"
PALETTE = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY)
PAPER_COLOURS = {
    "work": (BLUE, ""),
    "student": (ORANGE, "/"),
    "tourist": (GREEN, "."),
    "none": (RED, "x"),
}
PAPER_NAMES = {
    "work": "work",
    "student": "student",
    "tourist": "tourist",
    "none": "none (waiting for transport)",
}


def shortfall_chart(summary: Summary) -> Chart:
    """The main figure: missing labour, idled labour, what the market leaves of the gap, and the naive rule."""
    curves = (
        Curve(
            "naive_loss_workers",
            f"naive rule: {people_of_crews(summary)} gone x efficiency",
            GREY,
            "dot",
            band=False,
        ),
        Curve("shortfall_workers", "shortfall at the baseline wage (missing labour)", RED),
        Curve("remaining_gap_workers", "remaining gap at the policy run's wage", BLUE, "dash"),
        Curve(
            "shortfall_idled_workers",
            "idled by the missing labour, at the baseline wage",
            ORANGE,
            "dashdot",
        ),
    )
    rows = (
        Row("Standard workers short of the baseline", curves),
        Row("Their wages, " + real(summary), (policy_wage(), baseline_wage())),
    )
    lead = (
        f"How many standard workers ({standard_worker(summary)}) construction has less than without the expulsion: in trades that seek "
        "hands, and in trades that stand idle because others are missing. The measures are never added up. Below: the wage each holds at."
    )
    return Chart("shortfall", "The shortfall, and the wage it holds at", lead, rows)


def real(summary: Summary) -> str:
    """The unit of real wages with its base."""
    return f"{money(summary)} a month, prices of {summary['start']}"


def policy_wage() -> Curve:
    """The posted wage of the policy run."""
    return Curve("wage_real_rub", "posted wage, policy run", BLUE, "dash")


def baseline_wage() -> Curve:
    """The posted wage of the baseline, at which the policy branch at baseline wages is held."""
    return Curve(
        "wage_real_rub_baseline", "posted wage, baseline (and policy branch at baseline wages)", RED
    )


def heads_chart(summary: Summary) -> Chart:
    """Employed heads of each nationality against the baseline."""
    rows = tuple(
        Row(
            f"{nationality(name)} workers employed",
            (
                Curve(f"{name}_heads", "policy run", BLUE),
                Curve(f"{name}_heads_baseline", "baseline: no expulsion", GREY, "dot", band=False),
            ),
        )
        for name in summary["nationalities"]
    )
    lead = "Heads employed in construction at month end; each axis has its own scale."
    return Chart("heads", "Who builds: heads by nationality", lead, rows)


def papers_chart(summary: Summary) -> Chart | None:
    """Papers of those who stay."""
    rows = [
        Row(
            f"{nationality(name)} workers employed, by paper",
            tuple(
                Curve(
                    f"{name}_heads_{paper}",
                    PAPER_NAMES[paper],
                    colour,
                    band=False,
                    stack=name,
                    pattern=pattern,
                )
                for paper, (colour, pattern) in PAPER_COLOURS.items()
                if has_values(summary, f"{name}_heads_{paper}")
            ),
        )
        for name in crews(summary)
    ]
    lead = "Medians stacked: on which paper those who are still here work. No paper: the contract is over and transport has not come."
    shown = tuple(row for row in rows if row.curves)
    return Chart("papers", "Papers: work, student, tourist, none", lead, shown) if shown else None


def wages_chart(summary: Summary) -> Chart:
    """Posted wages against the baseline, and what migrants compare."""
    rows = [Row("Posted wage, " + real(summary), (policy_wage(), baseline_wage()))]
    for name, kind in summary["nationalities"].items():
        if kind == "temporary_migrant":
            here = Curve(
                f"{name}_pay_after_tax_rub",
                f"{nationality(name)} pay in {place(summary)}, after tax",
                BLUE,
            )
            home = Curve(
                f"{name}_home_pay_rub",
                "pay at home plus the cost of the move",
                ORANGE,
                "dash",
                steps=True,
            )
            rows.append(
                Row(
                    f"What {nationality(name)} builders compare, nominal {money(summary)} a month",
                    (here, home),
                )
            )
    lead = (
        "Firms raise wages when vacancies stay open. The further pay here is above pay at home plus the cost of the move, the more likely "
        "a migrant who thinks about it comes; where the two are equal, one in two does."
    )
    source = "Simulation; pay at home and exchange rates: dated series of sim/evidence/series.yaml."
    return Chart(
        "wages", "Wages: against the baseline, and against pay at home", lead, tuple(rows), source
    )


def vacancies_chart(summary: Summary) -> Chart:
    """Vacancy rate, duration, unfilled vacancies."""
    baseline = Curve("job_vacancy_rate_baseline", "baseline: no expulsion", GREY, "dot", band=False)
    left = Curve("unfilled_vacancies_baseline", "baseline: no expulsion", GREY, "dot", band=False)
    rows = (
        Row(
            "Job vacancy rate V/(V+N), percent",
            (Curve("job_vacancy_rate", "policy run", BLUE), baseline),
            ",.1f",
        ),
        Row(
            "Mean duration of a vacancy, working days",
            (Curve("vacancy_duration_days", "policy run", BLUE),),
            ",.0f",
        ),
        Row(
            "Vacancies unfilled at month end (wages: see Wages)",
            (Curve("unfilled_vacancies", "policy run", BLUE), left),
        ),
    )
    lead = "Vacancies are posts that firms try to fill, not hands missing against the baseline: nobody looks for hands that would stand idle."
    return Chart("vacancies", "Vacancies: how many, how long", lead, rows)


def output_chart(summary: Summary) -> Chart:
    """Orders, output, completions, backlog."""
    ratios = (
        ("orders", ORANGE, "dash"),
        ("output", BLUE, "solid"),
        ("completions", GREEN, "dashdot"),
    )
    curves = tuple(
        Curve(f"{name}_percent_of_baseline", name, colour, dash) for name, colour, dash in ratios
    )
    backlog = (Curve("backlog_months", "backlog B/Y", PURPLE),)
    rows = [
        Row("Orders, output and completions, percent of the baseline", curves, ",.1f"),
        Row("Backlog, months of output", backlog, ",.1f"),
    ]
    source = "Simulation."
    simulated = Curve("completions_index", "completions, simulated", GREEN, "dashdot")
    reported = Curve(
        "housing_completed_index",
        "housing completed, reported",
        ORANGE,
        "dot",
        band=False,
        steps=True,
    )
    if has_values(summary, simulated.measure):
        housing = summary["measures"].get(reported.measure)
        rows.append(
            Row("Completions, 2016 = 100", (simulated, reported) if housing else (simulated,))
        )
        source = (
            f"Simulation; reported housing, not simulated and of another coverage: {housing['note']}."
            if housing
            else source
        )
    lead = "Work is completed some months after it is built: completions follow output late. What is not built waits in the backlog."
    return Chart("output", "Orders, output, backlog, completions", lead, tuple(rows), source)


def trades_chart(summary: Summary) -> Chart:
    """The same shortage, trade by trade."""
    looks = {
        trade: (PALETTE[n % len(PALETTE)], DASHES[n % len(DASHES)])
        for n, trade in enumerate(summary["trades"])
    }
    wanted = (
        ("shortfall_workers", "Shortfall at the baseline wage, standard workers", ",.0f"),
        (
            "shortfall_idled_workers",
            "Idled by the missing labour, at the baseline wage, standard workers",
            ",.0f",
        ),
        ("wage_real_rub", "Posted wage of the policy run, " + real(summary), ",.0f"),
        ("job_vacancy_rate", "Job vacancy rate, percent", ",.1f"),
    )
    rows = tuple(
        Row(
            title,
            tuple(Curve(f"{name}_{trade}", trade, *look) for trade, look in looks.items()),
            form,
        )
        for name, title, form in wanted
    )
    lead = "Hands of one trade cannot do the work of another: a shortage in one shows as vacancies there and as idle posts elsewhere."
    return Chart("trades", "Trade by trade", lead, rows)


def revenue_chart(summary: Summary) -> Chart | None:
    """What the sending state takes and loses; and, where figures to scale by are reported, what that would be elsewhere."""
    if not crews(summary):
        return None
    levy = (
        Curve("dprk_state_revenue_usd", "policy run", BLUE, unit=MILLION),
        Curve(
            "dprk_state_revenue_baseline_usd",
            "baseline: no expulsion",
            GREY,
            "dot",
            band=False,
            unit=MILLION,
        ),
    )
    lost = (
        Curve(
            "dprk_revenue_lost_usd", f"builders in {place(summary)} (simulated)", RED, unit=MILLION
        ),
        Curve(
            "dprk_revenue_lost_russia_extrapolated_usd",
            "all Russia, by heads (extrapolated)",
            ORANGE,
            "dash",
            unit=MILLION,
        ),
        Curve(
            "dprk_revenue_lost_all_hosts_low_extrapolated_usd",
            "all hosts, low (extrapolated)",
            PURPLE,
            "dot",
            False,
            MILLION,
        ),
        Curve(
            "dprk_revenue_lost_all_hosts_high_extrapolated_usd",
            "all hosts, high (extrapolated)",
            PURPLE,
            "dashdot",
            False,
            MILLION,
        ),
    )
    shown = [curve for curve in lost if curve.measure in summary["measures"]]
    rows = (
        Row(f"Levy on builders in {place(summary)}, million USD a month", levy, ",.2f"),
        Row("Levy lost since the start, million USD", tuple(shown)),
    )
    cited = ", ".join(
        dict.fromkeys(
            summary["measures"][curve.measure]["note"].removeprefix(EXTRAPOLATED)
            for curve in shown[1:]
        )
    )
    scaled = (
        f"; curves named extrapolated are scaled, not simulated ({cited}: sim/evidence/facts.yaml)"
        if cited
        else ""
    )
    lead = "What the state keeps of its builders' pay, and what the expulsion costs it."
    return Chart(
        "revenue", f"{capitalised(sender(summary))}'s revenue", lead, rows, f"Simulation{scaled}."
    )


def public_cost_chart(summary: Summary) -> Chart | None:
    """What the levers cost and bring the public, if any of those that are on does."""
    shown = [
        name
        for name, known in summary["measures"].items()
        if name.startswith(tuple(PUBLIC)) and has_values(summary, name)
    ]
    monthly = [name for name in shown if name not in PUBLIC_TOTALS]
    if not shown:
        return None
    rows = (
        Row(f"Million nominal {money(summary)} a month", public_curves(summary, monthly), ",.1f"),
        Row(
            f"All levers since the start, million nominal {money(summary)}",
            public_curves(summary, [name for name in shown if name in PUBLIC_TOTALS]),
        ),
    )
    return Chart(
        "public_cost",
        PUBLIC_TITLE,
        "What the levers that are switched on cost the public, and what they bring in.",
        rows,
    )


def public_curves(summary: Summary, names: Sequence[str]) -> tuple[Curve, ...]:
    """A curve for each measure, in the words of its label."""
    labels = [summary["measures"][name]["label"] for name in names]
    return tuple(
        Curve(name, label[:1].lower() + label[1:], colour, dash, unit=MILLION)
        for name, label, colour, dash in zip(names, labels, PALETTE, DASHES, strict=False)
    )
