"""Checks: one document against itself. A rule is one function, one row of CHECKS and one row of `data/rules.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dutymine.checks.alignment import ALIGNMENT
from dutymine.checks.arithmetic import ARITHMETIC
from dutymine.checks.changes import CHANGES
from dutymine.checks.codes import CODES
from dutymine.checks.completeness import COMPLETENESS
from dutymine.checks.facts import Facts
from dutymine.checks.indicators import INDICATORS
from dutymine.checks.names import NAMES
from dutymine.checks.numbering import NUMBERING
from dutymine.checks.places import PLACES
from dutymine.checks.purchasing import PURCHASING
from dutymine.checks.repeats import REPEATS
from dutymine.checks.residue import RESIDUE
from dutymine.checks.statements import STATEMENTS
from dutymine.checks.table_sums import TABLE_SUMS
from dutymine.checks.tables import TABLES
from dutymine.checks.targets import TARGETS
from dutymine.checks.three_public import THREE_PUBLIC
from dutymine.checks.trees import TREES
from dutymine.checks.typos import TYPOS
from dutymine.model import CheckResult, Finding, Mined, Outcome, Verdict
from dutymine.settings import Settings

Check = Callable[[Facts], Verdict]

# In the order of the codebook's precedence. A rule that asks what another one has asked names it and reports nothing.
CHECKS: dict[str, Check | str] = {
    **{**ARITHMETIC, **THREE_PUBLIC, **TABLES, **TABLE_SUMS, **PURCHASING, **CHANGES, **REPEATS, "R20": "R59"},
    **{**TREES, **STATEMENTS},
    **{**TARGETS, **NAMES, **PLACES, **CODES, **NUMBERING},
    **INDICATORS,
    **{"IND-06": "R42", "IND-08": "R41", "IND-14": "R43", "IND-17": "R44"},
    **ALIGNMENT,
    **{**RESIDUE, **TYPOS, **COMPLETENESS},
}


def examine(
    mined: Mined, quiet: str, settings: Settings, checks: Mapping[str, Check | str] = CHECKS
) -> tuple[tuple[CheckResult, ...], tuple[Finding, ...]]:
    """One result for every rule in order and the findings in order of position, each defect once.

    A rule that breaks down is `could_not_run` with the reason, never a lost document.
    """
    facts = Facts(mined, quiet, settings)
    verdicts = {rule: _run(check, facts) for rule, check in checks.items() if not isinstance(check, str)}
    results = []
    for rule, check in checks.items():
        told = verdicts[check] if isinstance(check, str) else verdicts[rule]
        computation = f"见{check}" if isinstance(check, str) else told.computation
        results.append(CheckResult(rule, told.outcome, computation, told.used))
    findings = [found for verdict in verdicts.values() for found in verdict.findings if facts.is_own(found.start)]
    return tuple(results), tuple(sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule)))


def _run(check: Check, facts: Facts) -> Verdict:
    try:
        return check(facts)
    except Exception as error:
        return Verdict(Outcome.COULD_NOT_RUN, f"{type(error).__name__}: {error}")
