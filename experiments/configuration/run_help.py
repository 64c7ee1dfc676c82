"""What `experiments.run --help` prints; read from configs/ without Hydra, so that it is quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import indent, wrap
from typing import Any

import yaml

from sim.inputs.dotted_keys import flatten
from sim.inputs.glossary import Term, shown_terms

HEAD = """\
usage: python -m experiments.run [options] [key=value ...]

Simulates the construction labour market of Primorsky Krai when North Korean workers are expelled,
prints the main numbers, and writes a result folder with report.html, summary.json, months.parquet
and config.yaml. Without arguments: the deadline of the UN resolution, 2016-2020, 100 replicates.

options:
  -h, --help       print this text
  --cfg            print the composed configuration and stop
  --from FOLDER    start from the config.yaml of an earlier result, not from configs/
  -m, --multirun   run every combination of the values given as key=a,b,c

examples:
  python -m experiments.run policy=blind_eye
  python -m experiments.run policy.compliance=0.6 market.scale=0.1 replicates=20
  python -m experiments.run policy=retain_10000 policy.retained_workers=5000 months=84
  python -m experiments.run levers.wage_subsidy.share=0.2 levers.wage_subsidy.from_date=2018-01
  python -m experiments.run -m policy=un2397,blind_eye,cliff market.scale=0.1
"""


def help_text(configs: Path) -> str:
    """The whole text."""
    groups = sorted(folder for folder in configs.iterdir() if folder.is_dir())
    choices = [
        f"  {folder.name + '=':<13}{'  '.join(sorted(file.stem for file in folder.glob('*.yaml')))}"
        for folder in groups
    ]
    keys = [
        f"  {key:<62}{'null' if value is None else value}" for key, value in default_keys(configs)
    ]
    return "\n".join(
        [
            HEAD,
            "terms (the whole glossary is in sim/ODD.md):",
            *map(explained, shown_terms("help")),
            "",
            "choices (each is a file in the folder of configs/ that has the key's name):",
            *choices,
            "",
            "keys and their defaults:",
            *keys,
        ]
    )


def explained(term: Term) -> str:
    """A term of the glossary and, below it, what it means."""
    return f"  {term.name}\n" + indent("\n".join(wrap(term.meaning(), 94)), "      ")


def default_keys(configs: Path) -> Iterator[tuple[str, Any]]:
    """Every dotted key of the default configuration with its value."""
    main = yaml.safe_load((configs / "config.yaml").read_text(encoding="utf-8"))
    chosen = [choice for choice in main.pop("defaults") if isinstance(choice, Mapping)]
    yield from flatten(main).items()
    for choice in chosen:
        for group, name in choice.items():
            text = (configs / group / f"{name}.yaml").read_text(encoding="utf-8")
            yield from flatten(yaml.safe_load(text), f"{group}.").items()
