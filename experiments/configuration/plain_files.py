"""Files that Hydra composes are plain data: a folder of configurations may come from somebody else.

Hydra itself would follow references that multiply without end, and look up environment variables.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hydra._internal.core_plugins.file_config_source import FileConfigSource
from hydra._internal.core_plugins.importlib_resources_config_source import (
    ImportlibResourcesConfigSource,
)
from hydra._internal.sources_registry import SourcesRegistry
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigLoadError, ConfigResult

from sim.inputs.dotted_keys import flatten
from sim.inputs.strict_yaml import plain_yaml

LOOKS_UP = re.compile(r"\$\{.*:", re.DOTALL)
"""An interpolation that calls something, such as ${oc.env:HOME}; ${policy.name} calls nothing."""
HYDRAS_OWN = "hydra."


class PlainFiles(FileConfigSource):
    """Configurations in a folder, each checked before Hydra reads it."""

    def load_config(self, config_path: str) -> ConfigResult:
        """A configuration; raises yaml.YAMLError or ConfigLoadError if it is not plain data."""
        name = self._normalize_file_name(config_path)
        path = Path(os.path.realpath(os.path.join(self.path, name)))
        if path.is_file():
            check_plain(path)
        return super().load_config(config_path)


class HydrasPackage(ImportlibResourcesConfigSource):
    """Hydra's own configurations; no other package is imported to look for any."""

    def available(self) -> bool:
        """Whether it is Hydra's own package, and there."""
        return f"{self.path}.".startswith(HYDRAS_OWN) and super().available()

    def load_config(self, config_path: str) -> ConfigResult:
        """A configuration of Hydra's."""
        if not self.available():
            raise ConfigLoadError(f"pkg://{self.path}: only folders are searched")
        return super().load_config(config_path)


def check_plain(path: Path) -> None:
    """Raise yaml.YAMLError or ConfigLoadError if a file is not plain data."""
    try:
        content = plain_yaml(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        if error.problem_mark is not None:
            error.problem_mark.name = str(path)
        raise
    except yaml.YAMLError as error:
        raise ConfigLoadError(f"{path}: {error}; mend the file") from None
    for key, value in flatten(content if isinstance(content, dict) else {}).items():
        if LOOKS_UP.search(f"{key} {value}"):
            raise ConfigLoadError(
                f"{path}: {key}: calls a resolver in ${{...:...}}; write what it stands for"
            )


@contextlib.contextmanager
def only_plain_files() -> Iterator[None]:
    """Have Hydra read plain files only; afterwards it is as it was found."""
    Plugins.instance()
    sources: dict[str, Any] = SourcesRegistry.instance().types
    before = dict(sources)
    sources |= {"file": PlainFiles, "pkg": HydrasPackage}
    try:
        yield
    finally:
        sources |= before
