"""`dutymine check`: the checks again, from the tables of a result folder."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import Outcome, UsageError
from dutymine.engines.batch import FolderInUseError
from dutymine.engines.recheck import Found, recheck
from dutymine.output.codes import RuleRow, codes, rules
from dutymine.settings import Settings

_LISTED = 60
_QUOTED = 28


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of results")
    parser.add_argument("--rules", metavar="LIST", help="show these only: R01,R41 or families: R,IND,C,typo")
    parser.add_argument("--severity", choices=("error", "warning", "hint"), help="show these and graver ones only")
    parser.add_argument("--lexicon", type=Path, metavar="DIR", help="folder of your own vocabulary rows")


def run(options: argparse.Namespace) -> Outcome:
    """Check again, write the tables whole, and show what was chosen."""
    settings = Settings(lexicon=options.lexicon)
    known = rules(settings)
    chosen = _chosen(options.rules, known)
    try:
        found = recheck(options.folder, settings)
    except (FileNotFoundError, FolderInUseError) as error:
        raise UsageError(str(error)) from None
    grave = [row.code for row in codes("severity", settings)]
    worst = grave[: grave.index(options.severity) + 1] if options.severity else grave
    shown = [item for item in found if item.finding.rule in chosen and str(item.finding.severity) in worst]
    return Outcome(text=_summary(shown, known, settings))


def _chosen(asked: str | None, known: Sequence[RuleRow]) -> frozenset[str]:
    """Rules by name or by family; raises UsageError for one that is not known."""
    names = {row.rule for row in known}
    if not asked:
        return frozenset(names)
    chosen: set[str] = set()
    for word in filter(None, (part.strip() for part in asked.split(","))):
        fitting = {name for name in names if name == word or name.rstrip("0123456789").rstrip("-") == word}
        if not fitting:
            raise UsageError(f"--rules: no rule or family is called {word}")
        chosen |= fitting
    return frozenset(chosen)


def _summary(found: Sequence[Found], known: Sequence[RuleRow], settings: Settings) -> str:
    if not found:
        return "没有疑点"
    severities = {row.code: row.surfaces[0] for row in codes("severity", settings)}
    counts = Counter((item.finding.rule, str(item.finding.severity)) for item in found)
    by_rule = [
        (row.rule, row.surfaces[0], *(counts[row.rule, code] or "" for code in severities))
        for row in known
        if any(counts[row.rule, code] for code in severities)
    ]
    order = {code: place for place, code in enumerate(severities)}
    worst = sorted(found, key=lambda item: (order[str(item.finding.severity)], item.path, item.line))
    listed = [
        (
            *(PurePosixPath(item.path).name, item.line, severities[str(item.finding.severity)], item.finding.rule),
            *(item.finding.message, " ".join(item.quote.split())[:_QUOTED]),
        )
        for item in worst[:_LISTED]
    ]
    parts = [
        aligned(("规则", "名称", *severities.values()), by_rule),
        aligned(("文件", "行", "程度", "规则", "说明", "原文"), listed),
    ]
    if len(found) > _LISTED:
        parts.append(f"（共{len(found)}处，仅列前{_LISTED}处，其余见 findings）")
    return "\n\n".join(parts)
