"""What Hydra's own commands have is refused in words, with what to do instead."""

from __future__ import annotations

import pytest

from experiments import run, sweep


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        (["experiment=policies"], "python -m experiments.sweep experiment=policies"),
        (["hydra.run.dir=x"], "output_dir=FOLDER"),
        (["hydra.job.name=x"], "name=NAME"),
        (["hydra.verbose=true"], "only hydra.searchpath"),
        (["-cn", "x"], "--from FOLDER"),
        (["--config-dir=x"], "hydra.searchpath"),
        (["--info"], "--cfg prints"),
        (["--cfg", "hydra"], "only --cfg job"),
        (["-m", "policy=glob(*)"], "policy=a,b,c"),
        (["--nothing"], "no such option"),
    ],
)
def test_a_run_refuses_them(
    given: list[str], advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(given) == 2
    assert advice in capsys.readouterr().err


def test_a_sweep_refuses_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep.main(["--info"]) == 2
    assert sweep.main(["policy=glob(*)"]) == 2
    said = capsys.readouterr().err
    assert "--cfg prints" in said
    assert "policy=a,b,c" in said


def test_cfg_job_prints_the_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--cfg", "job", "seed=4"]) == 0
    assert "\nseed: 4\n" in capsys.readouterr().out
