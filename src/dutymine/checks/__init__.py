"""Checks: one document against itself. A rule is one function, one row of CHECKS and one row of `data/rules.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dutymine.checks.alignment import ALIGNMENT
from dutymine.checks.codes import CODES
from dutymine.checks.completeness import COMPLETENESS
from dutymine.checks.facts import Facts
from dutymine.checks.indicators import INDICATORS
from dutymine.checks.names import NAMES
from dutymine.checks.numbering import NUMBERING
from dutymine.checks.residue import RESIDUE
from dutymine.checks.targets import SAME_TARGETS, TARGETS
from dutymine.checks.typos import TYPOS
from dutymine.model import CheckResult, Finding, Mined, Outcome, Verdict
from dutymine.settings import Settings

Check = Callable[[Facts], Verdict]

# Rules that look at a defect another rule looks at too: what that one has reported is not reported again.
YIELDS = {"IND-06": "R42", "IND-07": "R42", "IND-08": "R41", "IND-14": "R43", "IND-17": "R44"}
CHECKS: dict[str, Check] = {
    **{**TARGETS, **NAMES, **CODES, **NUMBERING},
    **{**INDICATORS, **SAME_TARGETS, **ALIGNMENT},
    **{**RESIDUE, **TYPOS, **COMPLETENESS},
}


def examine(
    mined: Mined, quiet: str, settings: Settings, checks: Mapping[str, Check] = CHECKS
) -> tuple[tuple[CheckResult, ...], tuple[Finding, ...]]:
    """One result for every rule and the findings in order of position, each defect once.

    A rule that breaks down is `could_not_run` with the reason, never a lost document.
    """
    facts = Facts(mined, quiet, settings)
    results: list[CheckResult] = []
    findings: list[Finding] = []
    taken: dict[str, set[tuple[int, int]]] = {}
    for rule, check in checks.items():
        verdict = _run(check, facts)
        results.append(CheckResult(rule, verdict.outcome, verdict.computation, verdict.used))
        taken[rule] = {(found.start, found.end) for found in verdict.findings}
        before = taken.get(YIELDS.get(rule, ""), set())
        findings += [found for found in verdict.findings if (found.start, found.end) not in before]
    return tuple(results), tuple(sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule)))


def _run(check: Check, facts: Facts) -> Verdict:
    try:
        return check(facts)
    except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError) as error:
        return Verdict(Outcome.COULD_NOT_RUN, f"{type(error).__name__}: {error}")
