"""Settings within another application that uses Hydra, in threads, and from a bare text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.version import VersionBase

from experiments.configuration.settings import ConfigError, load_settings

POLICIES = ("cliff", "none", "blind_eye", "observed")


def test_another_application_s_hydra_was_in_the_way_and_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("theirs: 1\n", encoding="utf-8")
    with initialize_config_dir(str(tmp_path), version_base="1.2"):
        found, base = GlobalHydra.instance().hydra, VersionBase.instance().getbase()
        assert load_settings(["policy=cliff"]).name == "cliff"
        with pytest.raises(ConfigError, match="policy"):
            load_settings(["policy=clif"])
        assert GlobalHydra.instance().hydra is found
        assert VersionBase.instance().getbase() == base
        assert compose("config") == {"theirs": 1}
    assert not GlobalHydra.instance().is_initialized()


def test_threads_compose_one_at_a_time() -> None:
    wanted = [policy for policy in POLICIES for _ in range(3)]
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda policy: load_settings([f"policy={policy}"]).name, wanted))
    assert names == wanted
    assert not GlobalHydra.instance().is_initialized()


def test_a_bare_text_was_read_letter_by_letter() -> None:
    with pytest.raises(ConfigError, match=r"given the text 'policy=cliff'; give a list: \['pol"):
        load_settings("policy=cliff")


@pytest.mark.parametrize(
    "content", ["name: mine\n".encode("utf-16"), b"name: caf\xe9\n"], ids=["utf-16", "latin-1"]
)
def test_a_file_in_another_encoding_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "mine.yaml").write_bytes(content)
    with pytest.raises(
        ConfigError, match=r"policy=mine: the file is no text in UTF-8 .*save it as"
    ):
        load_settings([f"hydra.searchpath=[file://{tmp_path}]", "policy=mine"])
