"""The one table of commands. It is read at every start, so it imports nothing of theirs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One command: what it does, one example, and the module that holds it (empty while it is not built)."""

    name: str
    does: str
    example: str
    module: str = ""


COMMANDS = (
    Command(
        "extract",
        "read disclosures (files, folders, globs), mine every one of them and write the tables",
        "dutymine extract disclosures/ --out results",
        "dutymine.commands.extract",
    ),
    Command(
        "compare",
        "compare the mandates of all departments found in extracted folders",
        "dutymine compare results --out comparison",
        "dutymine.commands.compare",
    ),
    Command("report", "one self-contained HTML page a person can open offline", "dutymine report results"),
    Command("review", "a local web page to accept, correct or reject what was found", "dutymine review results"),
    Command(
        "evaluate",
        "score a folder of results against gold tables of the same columns",
        "dutymine evaluate corpus/gold/samples results",
        "dutymine.commands.evaluate",
    ),
    Command(
        "train",
        "train the duty classifier and write it with its card",
        "dutymine train",
        "dutymine.commands.train",
    ),
    Command(
        "check",
        "run the checks again without reading the documents again",
        "dutymine check results --severity warning",
        "dutymine.commands.check",
    ),
    Command(
        "score",
        "compute indicator points from actual values by the documents' own scoring rules",
        "dutymine score results actuals.csv",
        "dutymine.commands.score",
    ),
    Command(
        "find",
        "clauses, powers and indicators by words, act or object",
        'dutymine find "水利工程 审批" results',
        "dutymine.commands.find",
    ),
    Command("figures", "pictures for papers with their data", "dutymine figures results"),
    Command("status", "the state of a batch", "dutymine status results", "dutymine.commands.status"),
    Command("doctor", "what is installed and usable here", "dutymine doctor", "dutymine.commands.doctor"),
    Command(
        "codebook",
        "print every command, table, column, code and rule, generated from the code",
        "dutymine codebook > codebook.md",
        "dutymine.commands.codebook",
    ),
)
