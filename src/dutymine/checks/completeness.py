"""C01-C09: a part that must be published is missing, or named and empty."""

from __future__ import annotations

from dutymine.checks.facts import Facts
from dutymine.model import DocumentKind, Outcome, Status, Verdict


def _c01(facts: Facts) -> Verdict:
    if facts.mined.status is Status.WITHHELD or facts.mined.identity.kind is DocumentKind.RESPONSIBILITY_LIST:
        return Verdict(Outcome.NOT_APPLICABLE)
    if facts.mined.clauses:
        return Verdict(Outcome.PASS, used=(facts.mined.clauses[0].start,))
    return Verdict(Outcome.FAIL)


COMPLETENESS = {"C01": _c01}
