"""docs/data.md: what every column of a result holds.

`python -m experiments.results.data_page FILE` writes the page, from the catalogue of measures and
the evidence.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from experiments.calibration.page_parts import markdown_table
from experiments.command import DONE, REFUSED, say
from experiments.configuration.settings import load_settings
from experiments.results.explained_columns import WHAT
from sim.engine.panel import TABLES
from sim.inputs.dated_inputs import parameters
from sim.measures.catalogue import measures_of

HEAD = """\
# Files of a result

*Written by `python -m experiments.results.data_page docs/data.md`.*

`experiments.run` writes a folder, `experiments.sweep` a store. All numbers are the whole market's,
whatever the scale of the simulation. Labels and units are also in the metadata of the columns.

| file | rows | columns |
| --- | --- | --- |
| `measures.parquet` | a month of a replicate | `replicate`, `draw`, `month`, each measure below |
| `parameters.parquet` | a replicate | `replicate`, and each parameter below |
| `months.parquet` | a number of a branch | `replicate`, `branch`, `month`, `nationality`, \
`trade`, `paper`, `measure`, `unit`, `value` |
| `runs/*.parquet` | a month of a sweep's run | `run`, each varied key, `draw`, `replicate`, \
`month`, and each measure below |

```python
frame = pandas.read_parquet("FOLDER/measures.parquet")
frame = polars.read_parquet("FOLDER/measures.parquet")
frame = duckdb.sql("select * from 'FOLDER/measures.parquet'").df()
```

```r
frame <- arrow::read_parquet("FOLDER/measures.parquet")
```

Stata reads what `experiments.api` writes: `load("FOLDER").to_stata("result.dta")`, then
`use result.dta`. For a spreadsheet: `load("FOLDER").to_excel("result.xlsx")`.
"""


def page() -> str:
    """The page for the krai and its default population."""
    scenario = load_settings().scenario
    by_trade = {
        f"{name}_{trade}"
        for name, known in measures_of(scenario).items()
        for trade in scenario.market.trades
        if known.by_trade
    }
    measures = [
        (f"`{name}`" + (" (and by trade)" if known.by_trade else ""), known.label, known.unit)
        for name, known in measures_of(scenario).items()
        if name not in by_trade
    ]
    sections = [
        ("Columns that say which row it is", ("column", "meaning", "values"), keys()),
        ("Measures", ("column", "meaning", "unit"), measures),
        ("Parameters", ("column", "prior", "unit"), priors()),
        ("Measures of months.parquet", ("measure", "counted by", "unit"), panel_rows()),
    ]
    parts = [HEAD]
    for title, head, rows in sections:
        parts += [f"## {title}", "\n".join(markdown_table(head, [list(row) for row in rows]))]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def keys() -> Iterable[tuple[str, str, str]]:
    """Columns that number rows."""
    return [(f"`{name}`", meaning.label, meaning.unit) for name, meaning in WHAT.items()]


def priors() -> Iterable[tuple[str, str, str]]:
    """Parameters, each with the ends of its prior if it has one."""
    return [
        (f"`{key}`", "{:g} to {:g}".format(*known.prior) if known.prior else "none", known.unit)
        for key, known in parameters().items()
    ]


def panel_rows() -> Iterable[tuple[str, str, str]]:
    """Numbers of a branch."""
    words = {
        "by_group_trade": "nationality, trade",
        "by_group": "nationality",
        "by_paper": "nationality, paper",
        "by_trade": "trade",
        "market": "",
    }
    return [
        (f"`{measure.key}`", words[part], measure.unit)
        for part, table in TABLES.items()
        for measure in table
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Write the page to a file."""
    given = list(sys.argv[1:] if argv is None else argv)
    if len(given) != 1:
        return say("usage: python -m experiments.results.data_page FILE", REFUSED)
    Path(given[0]).write_text(page(), encoding="utf-8")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
