"""The bar of a simulation moves from the start and says what is done before anything is."""

from rich.progress import Progress

from experiments.command_line.simulation_task import SIMULATING, STARTING, SimulationTask


def test_the_bar_pulses_until_something_is_done_and_counts_from_then_on() -> None:
    bar = Progress()
    task = SimulationTask(bar, 4)
    (shown,) = bar.tasks
    assert (shown.description, shown.total, shown.completed) == (STARTING, None, 0)
    task.update(completed=1)
    (shown,) = bar.tasks
    assert (shown.description, shown.total, shown.completed) == (SIMULATING, 4, 1)
