"""The checks again over a result folder, without reading the documents again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dutymine.engines.batch import locked
from dutymine.engines.inputs import known_as
from dutymine.layout.noise import quiet
from dutymine.model import Finding, Status
from dutymine.output.files import FORMATS, Results, read_table, table_path
from dutymine.output.frames import Origin, frames
from dutymine.output.reload import reload
from dutymine.pipeline import checked
from dutymine.settings import Settings

TABLES = ("checks", "findings", "trace")


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of one document, for a person: path, line, the finding and the words it quotes."""

    path: str
    line: int
    finding: Finding
    quote: str


def recheck(folder: Path, settings: Settings) -> list[Found]:
    """Write the tables of links and checks of a result folder anew, in the format it has; all findings in order.

    Raises FileNotFoundError for a folder that holds no results, FolderInUseError where a run writes to it.
    """
    form = table_path(folder, "documents").suffix[1:]
    names = known_as([str(row["path"]) for row in read_table(folder, "documents")])
    found: list[Found] = []
    with locked(folder), Results(folder, FORMATS[form], TABLES) as results:
        for mined in reload(folder):
            if mined.status is Status.FAILED:
                continue
            document = mined.document
            again = checked(mined, quiet(document.folded), settings)
            rows = frames(again, Origin(names[document.path]), TABLES)
            results.write(rows)
            lines = [int(str(row[_LINE])) for row in rows["findings"]]
            found += [
                Found(document.path, line, item, document.text[item.start : item.end])
                for item, line in zip(again.findings, lines, strict=True)
            ]
    return found


_LINE = 10  # of a row of findings
