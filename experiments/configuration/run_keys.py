"""The keys of a run beside those of the scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sim.inputs.values import Text
from sim.scenario import Quantity


@dataclass(frozen=True)
class RunKeys:
    """How many replicates, how many threads, what is drawn, and where the results go."""

    name: (
        Annotated[str, Text("a name of letters, digits and . _ -", r"[A-Za-z0-9][A-Za-z0-9._-]*")]
        | None
    )
    replicates: Annotated[int, Quantity("replicates", 1, 100_000)]
    threads: Annotated[int, Quantity("threads", 1, 4096)] | None
    output_dir: Annotated[str, Text("the path of a folder", r"[^\0]*[^\0\s][^\0]*")]
    uncertainty: Annotated[
        str, Text("posterior, prior, elicited or none", r"posterior|prior|elicited|none")
    ]
    every_draw_scale: (
        Annotated[float, Quantity("model workers per worker, or 0 for no small runs", 0, 1)] | None
    )
    held: Annotated[
        tuple[str, ...], Text("a list of parameters by their keys, none twice", r"[a-z0-9_.]+")
    ]
