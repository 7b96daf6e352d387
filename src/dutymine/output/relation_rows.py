"""Relations between duties of one place as rows of `pairs`, the surest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dutymine.mandates.meetings import Place
from dutymine.mandates.relations import relations
from dutymine.model import Mined
from dutymine.output.columns import Row
from dutymine.output.compared_frames import rounded
from dutymine.output.fingerprints import between
from dutymine.settings import Settings


def pair_rows(documents: Sequence[Mined], settings: Settings) -> Iterator[Row]:
    """Rows of `pairs` for the documents of one place, ranked by `similarity`: how much two duties meet."""
    for found in relations(documents, settings):
        left, right = (_side(documents, place) for place in (found.left, found.right))
        yield (
            *(
                *left[:2],
                *right[:2],
                found.context,
                found.text,
                "|".join(found.relation),
                rounded(min(found.score, 1.0)),
            ),
            *(found.thing, left[2], right[2], found.message),
            between("pairs", left[3], left[4], right[3], right[4]),
        )


def _side(documents: Sequence[Mined], place: Place) -> tuple[str, str, str, str, str]:
    """Document, clause, acts, file name and text of one side."""
    mined, index = documents[place[0]], place[1]
    acts = dict.fromkeys(power.act_code for power in mined.powers if power.clause == index)
    clause = mined.clauses[index]
    doc_id = mined.document.doc_id
    name = mined.document.path.rpartition("/")[2]
    return doc_id, f"{doc_id}:c{index + 1}", "|".join(acts or clause.acts), name, clause.text
