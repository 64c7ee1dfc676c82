"""What a verification found, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Verdict:
    """Lines about a folder; `is_sound` as long as nothing was damaged and nothing differed."""

    folder: Path
    lines: list[str] = field(default_factory=list)
    is_sound: bool = True

    def note(self, lines: Iterable[str]) -> None:
        """Add lines that are no fault."""
        self.lines += lines

    def fault(self, lines: Iterable[str]) -> None:
        """Add lines, each a fault."""
        found = list(lines)
        self.lines += found
        self.is_sound = self.is_sound and not found

    def compared(self, differences: dict[str, str]) -> None:
        """Add what comparing files with themselves made again gave, by file name."""
        same = [name for name, found in differences.items() if not found]
        self.fault(f"{name}: {found}" for name, found in differences.items() if found)
        self.note([f"identical, byte for byte: {', '.join(same)}"] if same else [])

    def text(self) -> str:
        """The verdict as a paragraph."""
        end = "verified" if self.is_sound else "NOT verified"
        return "\n".join([f"{self.folder}: {end}", *(f"  {line}" for line in self.lines)])
