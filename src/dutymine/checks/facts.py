"""What every rule is given: one mined document with its quiet copy, and what several rules derive from it, once."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dutymine.links.trace import Project, projects
from dutymine.model import DocumentKind, Mined, SectionKind
from dutymine.settings import Settings


@dataclass(frozen=True)
class Facts:
    """One document under examination; `quiet` is the folded text without page furniture, at unchanged offsets."""

    mined: Mined
    quiet: str
    settings: Settings
    memory: dict[str, Any] = field(default_factory=dict)  # what one module's rules share, by the module's own key

    @cached_property
    def kinds(self) -> frozenset[SectionKind]:
        """Kinds of section that the document has."""
        return frozenset(section.kind for section in self.mined.sections)

    @cached_property
    def projects(self) -> tuple[Project, ...]:
        """The projects that goals, indicators and sums name."""
        return projects(self.mined)

    @cached_property
    def department(self) -> str:
        """The department's name in the folded characters in which everything is matched."""
        document, name = self.mined.document, self.mined.identity.department
        at = document.text.find(name) if name else -1
        return document.folded[at : at + len(name)] if at >= 0 else name

    def is_own(self, start: int) -> bool:
        """Whether what stands at an offset is the department's own wording: in a list of powers only its duties are."""
        if self.mined.identity.kind is not DocumentKind.RESPONSIBILITY_LIST:
            return True
        place = bisect_right(self.mined.clauses, start, key=lambda clause: clause.start) - 1
        return place >= 0 and start < self.mined.clauses[place].end
