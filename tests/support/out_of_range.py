"""Kernels that ask for places outside the arrays, each run once; prints what each of them raised.

Run it with PRIMORYE_CHECKED=1 only: without the checks these kernels read and write foreign memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

from sim.engine.compiling import kernel, part
from sim.engine.kernels import state_kernel
from sim.engine.numba_linking import CHECKED
from sim.engine.row_search import list_rows_equal
from sim.engine.state import Sizes, State

SMALL = Sizes(groups=3, trades=2, firms=5, workers=101, months=7, pipeline_months=4)


@state_kernel
def write_after_the_last_worker(state: State) -> None:
    state.workers[state.workers.size].firm = 1


@state_kernel
def write_before_the_first_cell(state: State) -> None:
    state.cells[-1].heads = 1


@state_kernel
def write_after_the_last_group(state: State) -> None:
    state.groups_now[3].levy_sum = 1


@state_kernel
def write_staff_of_no_cell(state: State) -> None:
    state.staff[10, 0].heads = 1


@state_kernel
def write_staff_of_no_group(state: State) -> None:
    state.staff[0, 3].heads = 1


@state_kernel
def write_a_column_by_name(state: State) -> None:
    state.workers.status[101] = 1


@state_kernel
def write_a_month_too_many(state: State) -> None:
    state.market[7, 0] = 1.0


@state_kernel
def write_a_row_of_a_month_too_many(state: State) -> None:
    state.market[7][:] = 1.0


@part
def in_a_part(state: State, row: int) -> None:
    state.next_event[row] = 0


@state_kernel
def write_in_a_part(state: State) -> None:
    in_a_part(state, 101)


@part
def record_in_a_part(state: State, row: int) -> None:
    state.firms[row].size = 0.0


@state_kernel
def write_a_record_in_a_part(state: State) -> None:
    record_in_a_part(state, 5)


@state_kernel
def search_beyond_a_column(state: State) -> None:
    list_rows_equal(state.workers.status, -1, 0, 64, 192, state.lists[0])


@kernel
def write_a_plain_array(state: State, row: int) -> None:
    np.zeros(3)[row] = 1.0


KERNELS = (
    write_after_the_last_worker,
    write_before_the_first_cell,
    write_after_the_last_group,
    write_staff_of_no_cell,
    write_staff_of_no_group,
    write_a_column_by_name,
    write_a_month_too_many,
    write_a_row_of_a_month_too_many,
    write_in_a_part,
    write_a_record_in_a_part,
    search_beyond_a_column,
)


def raised_by(run: Callable[[], None]) -> str:
    """The name and the words of what a call raises."""
    try:
        run()
    except Exception as error:
        return "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
    return "nothing"


def main() -> None:
    """Run all kernels and print what they raised as JSON."""
    if not CHECKED:
        raise SystemExit("PRIMORYE_CHECKED=1 is needed")
    state = State(SMALL)
    found = {each.__name__: raised_by(lambda each=each: each(state)) for each in KERNELS}
    found["write_a_plain_array"] = raised_by(lambda: write_a_plain_array(state, 3))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
