"""Powers against corpus/labels/powers.toml: each labelled clause stands alone in a tiny disclosure."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dutymine.evaluate.matching import share
from dutymine.model import Power
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings
from dutymine.text import squeeze

LABELS = Path(__file__).resolve().parent.parent / "corpus" / "labels" / "powers.toml"
_DISCLOSURE = "{department}2023年部门预算\n一、部门职责\n1.{text}\n二、机构设置\n局机关设3个股室。\n"
_ALIKE = 0.8  # share of common characters from which two objects are the same

Label = tuple[str, str, str]  # act, code, object


def labelled(name: str) -> list[dict[str, Any]]:
    """The clauses of a set."""
    return [row for row in tomllib.loads(LABELS.read_text("utf-8"))["clause"] if row["set"] == name]


def found(row: dict[str, Any]) -> tuple[Power, ...]:
    """What is mined of a labelled clause."""
    text = _DISCLOSURE.format(department=row.get("department", "某县某局"), text=row["text"])
    return mine(read(text.encode(), "clause.txt", Settings()), Settings()).powers


def labels(row: dict[str, Any]) -> list[Label]:
    """The powers a clause is labelled with."""
    return [(*cells[:2], cells[2] if len(cells) > 2 else "") for cells in (power.split() for power in row["powers"])]


def pairs(gold: Sequence[Label], powers: Sequence[Power]) -> list[tuple[Label, Power]]:
    """Labels with the power of the same act word (one may be in the other); code and object decide among several."""
    left, result = list(powers), []
    for label in gold:
        fitting = [power for power in left if power.act in label[0] or label[0] in power.act]
        if fitting:
            best = max(fitting, key=lambda power: (power.act_code == label[1], _alike(power.object, label[2])))
            left.remove(best)
            result.append((label, best))
    return result


def _alike(one: str, other: str) -> float:
    first, second = (set(squeeze(text).replace("工作", "")) for text in (one, other))
    return len(first & second) / len(first | second) if first or second else 1.0


def measure(name: str) -> dict[str, float]:
    """Precision and recall of act word with code, and the share of right objects among the matched."""
    count: Counter[str] = Counter()
    for row in labelled(name):
        gold, powers = labels(row), found(row)
        matched = [(label, power) for label, power in pairs(gold, powers) if label[1] == power.act_code]
        count.update(gold=len(gold), found=len(powers), matched=len(matched))
        count["objects"] += sum(_alike(label[2], power.object) >= _ALIKE for label, power in matched)
    return {
        "precision": round(share(count["matched"], count["found"]), 4),
        "recall": round(share(count["matched"], count["gold"]), 4),
        "objects": round(share(count["objects"], count["matched"]), 4),
        "gold": count["gold"],
    }


def wrong(name: str) -> list[str]:
    """One line a clause whose powers are not as labelled."""
    lines = []
    for row in labelled(name):
        gold, powers = labels(row), found(row)
        matched = [(label, power) for label, power in pairs(gold, powers) if label[1] == power.act_code]
        missed = [" ".join(label) for label in gold if label not in [pair[0] for pair in matched]]
        extra = [f"{p.act} {p.act_code} {p.object}" for p in powers if p not in [pair[1] for pair in matched]]
        if missed or extra:
            lines.append(f"{row['text']}\n  missed: {'; '.join(missed) or '-'}\n  extra: {'; '.join(extra) or '-'}")
    return lines
