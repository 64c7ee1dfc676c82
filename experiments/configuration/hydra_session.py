"""Hydra for one composition: in any thread, and within another application that uses Hydra."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

ONE_AT_A_TIME = threading.RLock()
"""Hydra keeps what it composes from in one place for the whole process."""


@contextlib.contextmanager
def hydra_at(configs: Path) -> Iterator[None]:
    """Have Hydra compose from a folder; afterwards it is as it was found."""
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.version import VersionBase

    from experiments.configuration.plain_files import only_plain_files

    with ONE_AT_A_TIME:
        application, base = GlobalHydra.instance().hydra, VersionBase.instance().getbase()
        GlobalHydra.instance().clear()
        try:
            with only_plain_files(), initialize_config_dir(str(configs), version_base="1.3"):
                yield
        finally:
            GlobalHydra.instance().hydra = application
            VersionBase.instance().version_base = base
