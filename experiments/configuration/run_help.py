"""What `--help` prints: options, choices, keys with their defaults, examples; read from configs/ without Hydra."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import indent, wrap
from typing import Any

import yaml

from sim.inputs.glossary import Term, shown_terms

HEAD = """\
usage: python -m experiments.run [options] [key=value ...]

Simulates Primorsky Krai's construction labour market under an expulsion of North Korean workers, and writes months.parquet,
summary.json, report.html and config.yaml to a new folder. Without arguments: the UN deadline, 2016-2020, 100 replicates.

options:
  -h, --help       this text
  --cfg            print the composed configuration and stop
  --from FOLDER    start from the config.yaml of an earlier result instead of the shipped configuration
  -m, --multirun   run every combination of values given as key=a,b,c

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
            "words (the whole glossary: sim/ODD.md):",
            *map(explained, shown_terms("help")),
            "",
            "choices (a file of configs/ each):",
            *choices,
            "",
            "keys and defaults:",
            *keys,
        ]
    )


def explained(term: Term) -> str:
    """A term of the glossary and, below it, what it means."""
    return f"  {term.name}\n" + indent("\n".join(wrap(term.meaning(), 94)), "      ")


def default_keys(configs: Path) -> Iterator[tuple[str, Any]]:
    """Dotted keys with the default of the files that are chosen by default."""
    main = yaml.safe_load((configs / "config.yaml").read_text(encoding="utf-8"))
    chosen = [choice for choice in main.pop("defaults") if isinstance(choice, Mapping)]
    yield from flat(main, "")
    for choice in chosen:
        for group, name in choice.items():
            yield from flat(
                yaml.safe_load((configs / group / f"{name}.yaml").read_text(encoding="utf-8")),
                f"{group}.",
            )


def flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Dotted keys and values of a nested mapping."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
