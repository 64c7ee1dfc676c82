"""`python -m experiments.validate`: natural experiments, hindcasts and emergent quantities that no parameter was fitted to."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.calibration.posterior import POSTERIOR, drawn, is_behaviour, is_no_policy
from experiments.command import INTERRUPTED, explain, say
from experiments.configuration.keys import Key, read_keys
from experiments.results.provenance import evidence_hash, versions
from experiments.results.result_folder import new_result, write_json
from experiments.validation.case_files import cases
from experiments.validation.emergent import emergent, expectations
from experiments.validation.hindcast import hindcast
from experiments.validation.natural_experiments import Draws, predict
from experiments.validation.validation_report import case_rows, emergent_rows, markdown
from sim.engine.compiling import source_hash
from sim.scenario import Quantity

PROGRAM = "python -m experiments.validate"
USAGE = """\
usage: python -m experiments.validate [key=value ...]

  replicates=20  scale=0.2  seed=1         of the simulated markets
  parameters=default                       posterior: each replicate draws its behaviour from the shipped posterior
  hindcast_draws=800                       draws of the prior that foresee the krai at successive origins
  output_dir=outputs                       parent of the result folder

Runs the natural experiments of experiments/validation/cases/, the hindcasts of experiments/validation/hindcast.yaml and the emergent
checks, and writes validation.md and validation.json. Misses are results, not errors.
"""
CHANCE = "chance only, parameters fixed"
BOTH = "chance and parameters drawn from the posterior"


KEYS = {
    "replicates": Key(20, Quantity("replicates", 2, 10_000)),
    "scale": Key(0.2, Quantity("model workers per worker", 0.01, 10.0)),
    "seed": Key(1, Quantity("seed", 0, 2**62)),
    "parameters": Key("default", ("default", "posterior")),
    "hindcast_draws": Key(800, Quantity("draws", 10, 100_000)),
    "output_dir": Key("outputs"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    if {"-h", "--help"} & set(given):
        print(USAGE, end="")
        return 0
    try:
        keys = read_keys(given, KEYS)
        text, folder = write(
            validation(keys, f"{PROGRAM} {shlex.join(given)}".strip()), Path(keys["output_dir"])
        )
    except KeyboardInterrupt:
        return say("interrupted; nothing was written", INTERRUPTED)
    except Exception as error:
        return explain(error)
    print(f"{text}\nwritten to {folder}")
    return 0


def validation(keys: Mapping[str, Any], command: str) -> dict[str, Any]:
    """Everything that is reported."""
    draws, extra = (
        parameters_of(keys, is_behaviour),
        (f"market.scale={keys['scale']}", f"seed={keys['seed']}"),
    )
    return {
        "command": command,
        "parameters": "the krai's defaults"
        if keys["parameters"] == "default"
        else "draws from the shipped posterior",
        "interval": CHANCE if keys["parameters"] == "default" else BOTH,
        "replicates": keys["replicates"],
        "scale": keys["scale"],
        "targets": [
            row for case in cases() for row in case_rows(case, predict(case, draws, extra))
        ],
        "hindcast": hindcast(keys["hindcast_draws"], keys["seed"], extra),
        "emergent": emergent_rows(
            emergent(parameters_of(keys, is_no_policy), extra), expectations()
        ),
        "code_hash": source_hash(),
        "evidence_hash": evidence_hash(),
        "versions": versions(),
    }


def parameters_of(keys: Mapping[str, Any], wanted: Callable[[str], bool]) -> Draws:
    """The parameters of each replicate: none set, or what is wanted of one draw of the posterior each.

    Other markets take the krai's behaviour; the krai itself takes everything but the strength of the policy.
    """
    if keys["parameters"] == "default":
        return [{} for _ in range(keys["replicates"])]
    return drawn(POSTERIOR, keys["replicates"], keys["seed"], wanted)


def write(report: dict[str, Any], parent: Path) -> tuple[str, Path]:
    """The page and its folder."""
    text = markdown(report, cases())
    with new_result(parent, "validation") as draft:
        write_json(draft.folder / "validation.json", report)
        (draft.folder / "validation.md").write_text(text, encoding="utf-8")
    assert draft.final is not None
    return text, draft.final


if __name__ == "__main__":
    sys.exit(main())
