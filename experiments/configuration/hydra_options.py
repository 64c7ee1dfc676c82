"""What Hydra's own commands have and these do not, each with what to do instead."""

from __future__ import annotations

from sim.inputs.problems import refused

SEARCHPATH = "hydra.searchpath"
INSTEAD_OF_OPTION = {
    "--config-name": "give a configuration of your own as --from FOLDER, which holds a config.yaml",
    "--config-path": "add folders with hydra.searchpath=[file:///FOLDER]",
    "--config-dir": "add folders with hydra.searchpath=[file:///FOLDER]",
    "--info": "--cfg prints the composed configuration, --help every key",
    "--hydra-help": "--help lists everything",
    "--package": "--cfg prints the whole configuration",
    "--resolve": "--cfg prints values resolved",
    "--run": "leave it out",
    "--shell-completion": "primorye --completion bash",
    "--experimental-rerun": "--from FOLDER runs an earlier result again",
}
SHORT = {
    "-cn": "--config-name",
    "-cp": "--config-path",
    "-cd": "--config-dir",
    "-i": "--info",
    "-p": "--package",
    "-r": "--run",
    "-sc": "--shell-completion",
}
INSTEAD_OF_KEY = {
    "hydra.run.dir": "output_dir=FOLDER says where the folder of a result goes, name=NAME its name",
    "hydra.sweep.dir": "output_dir=FOLDER says where the folders of results go",
    "hydra.sweep.subdir": "every result has a folder of its own; name=NAME names it",
    "hydra.job.name": "name=NAME names the result",
    "hydra.launcher": "experiments.sweep executor=dask distributes runs",
    "hydra.sweeper": "experiments.sweep has grids and samplings",
    "hydra.mode": "-m simulates several configurations",
}


def option_refusal(word: str) -> str:
    """Why an option is refused, with what to do instead if it is one of Hydra's."""
    option = word.partition("=")[0]
    advice = INSTEAD_OF_OPTION.get(SHORT.get(option, option))
    return f"{word}: an option of Hydra's; {advice}" if advice else f"{word}: no such option"


def key_refusal(key: str, value: object) -> str | None:
    """Why an override is refused that Hydra takes and that would do nothing here; else None."""
    if not key.startswith("hydra") or key == SEARCHPATH:
        return None
    advice = next((text for own, text in INSTEAD_OF_KEY.items() if key.startswith(own)), None)
    allowed = f"of Hydra's settings only {SEARCHPATH}; any other would do nothing"
    return refused(key, value, allowed, advice or "leave it out")
