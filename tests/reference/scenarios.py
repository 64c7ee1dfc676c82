"""Scenarios on which engine and reference are compared.

They override the shipped configuration so that together they reach every branch of the code.
"""

SMALL = ("market.scale=0.02",)
POLICIES = ("un2397", "none", "retain_10000", "blind_eye", "cliff")
EVASION = ("policy=un2397", "policy.compliance=0.6")
EVERY_LEVER = (
    "levers.chinese_quota.heads=3500",
    "levers.chinese_quota.from_date=2017-01",
    "levers.chinese_quota.to_date=2019-06",
    "levers.wage_subsidy.share=0.6",
    "levers.wage_subsidy.from_date=2018-01",
    "levers.relocation_grant.rub=100000",
    "levers.relocation_grant.from_date=2018-06",
    "levers.training.places_per_month=300",
    "levers.training.from_date=2017-06",
    "levers.employer_fine.rub=250000",
    "levers.employer_fine.from_date=2018-02",
    "levers.border_closed.from_date=2018-08",
    "levers.border_closed.to_date=2018-10",
)
FINED = (
    "policy=un2397",
    "policy.compliance=0.6",
    "policy.transport_per_month=200",
    "levers.employer_fine.rub=400000",
    "levers.employer_fine.from_date=2018-06",
    "levers.employer_fine.to_date=2020-03",
)
EVERYTHING = (
    "policy=retain_10000",
    "policy.compliance=0.6",
    "policy.quiet_renewal=0.2",
    "policy.permit_renewal=0.8",
    "policy.presigned=0.5",
    "policy.retained_workers=3000",
    "policy.transport_per_month=300",
    "population.russian.learning_months=7",
    "population.russian.job_finding_elasticity=0.4",
    *EVERY_LEVER,
)
