"""What `experiments.run --help` prints; read from configs/ without Hydra, so that it is quick."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill, indent, wrap

from experiments.configuration.key_descriptions import KeyDescription, key_descriptions
from sim.inputs.glossary import Term, shown_terms

HEAD = """\
usage: python -m experiments.run [options] [key=value ...]

Simulates the construction labour market of Primorsky Krai when North Korean workers are expelled,
prints the main numbers, and writes a result folder with report.html, summary.json, the tables of
docs/data.md and config.yaml. Without arguments: the deadline of the UN resolution, 2016-2020, 30
replicates.

options:
  -h, --help       print this text
  --cfg            print the composed configuration and stop
  --from FOLDER    start from the config.yaml of an earlier result, not from configs/; the new
                   result goes to outputs/, or to output_dir=FOLDER
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
    return "\n".join(
        [
            HEAD,
            "terms (the whole glossary is in sim/ODD.md):",
            *map(explained, shown_terms("help")),
            "",
            "choices (each is a file in the folder of configs/ that has the key's name):",
            *choices,
            "",
            "keys, each with its default, what may be given, and what it means:",
            *map(described, key_descriptions(configs)),
        ]
    )


def explained(term: Term) -> str:
    """A term of the glossary and, below it, what it means."""
    return f"  {term.name}\n" + indent("\n".join(wrap(term.meaning(), 94)), "      ")


def described(key: KeyDescription) -> str:
    """A key with its default; below it what it means and what may be given."""
    default = "null" if key.default is None else key.default
    words = fill(f"{key.meaning[0].upper()}{key.meaning[1:]}. Allowed: {key.allowed}.", 94)
    return f"  {key.key}={default}\n" + indent(words, "      ")
