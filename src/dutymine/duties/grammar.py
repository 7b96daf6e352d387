"""Acts of a duty clause with their objects: sentences, phrases, verbs at the head of a phrase, nouns at its end.

Act words count by where they stand. At the head of a phrase they are verbs (`指导、检查X`); behind a word that only
carries them (负责, 开展, 做好) they are the nouns at the end (`负责X的审批及日常监管`); anywhere else they belong to
the object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from dutymine.duties import phrases as p
from dutymine.duties.acts import Word, lexicon
from dutymine.duties.heads import ASSIST, LEAD, NONE, Head, Reader, later, pivot, read_head
from dutymine.duties.tails import Tail, tail
from dutymine.settings import Settings
from dutymine.text import Span, split_spans

_DECIDES = ("A04", "A05")
_LABEL = 8  # characters of a line such as `监督责任：`
_LONGEST = 1000  # characters between two commas; more is no sentence but a table or a statute
_REACH = 60  # characters in which the verb of a residual duty stands


class Frame(NamedTuple):
    """One power of a clause; every part is a span of the clause's text, empty where it says nothing."""

    act: Span
    code: str
    strength: int
    role: str
    object: Span
    scope: Span
    actors: Span
    basis: Span
    span: Span
    subject: Span = NONE


@dataclass(slots=True)
class State:
    """What a phrase may take over from those before it."""

    carrier: Word | None = None
    object: Span = NONE
    basis: Span = NONE
    with_: Head | None = None


@lru_cache(maxsize=1 << 16)
def frames(text: str, settings: Settings) -> tuple[Frame, ...]:
    """Powers of a folded clause without white space; a clause seen before costs nothing."""
    reader = Reader(p.masked(text), lexicon(settings))
    hidden = reader.text
    found: list[Frame] = []
    state = State()
    for start, end in split_spans(hidden, 0, len(hidden), "。;!"):
        state = State(carrier=state.carrier)
        for a, b in _segments(hidden, start, end):
            if b - a <= _LONGEST:
                found += _segment(reader, state, a, b)
        if ":" not in hidden[start:end] and hidden[end - 1] in "。!":
            state.carrier = None
    return tuple(found)


def _segments(text: str, start: int, end: int) -> Iterator[Span]:
    """Parts between commas; a penalty on a long description is one part."""
    if p.PENALTY.match(text, start, end):
        yield start, end
        return
    yield from split_spans(text, start, end, "，,:")


def _segment(reader: Reader, state: State, start: int, end: int) -> Iterator[Frame]:
    text = reader.text
    goes_on = text.startswith("并", start)
    while start < end and text[start] in p.MASK + "、并":
        start += 1
    while end > start and text[end - 1] in "，,。;:!":
        end -= 1
    if start >= end or (
        text[end : end + 1] == ":" and end - start < _LABEL and not read_head(reader, start, end).carrier
    ):
        return
    if (residual := _residual(text, start, end)) is not None:
        yield residual
        return
    basis = reader.words.phrases.basis.match(text, start, end)
    if basis and basis.end() >= end:
        state.basis = (start, end)
        return
    for a, b, head in _phrases(reader, start, end):
        yield from _phrase(reader, state, (a, b), (head, goes_on or a > start))


def _residual(text: str, start: int, end: int) -> Frame | None:
    """完成X交办的其他任务: the one power without an object of its own."""
    if not p.ASSIGNED.search(text, start, end):
        return None
    found = p.RESIDUAL.match(text, start, end) or p.RESIDUAL.search(text, start, min(end, start + _REACH))
    if found is None or not (p.OTHER.match(found["what"]) or found["act"] in ("完成", "承办", "办理")):
        return None
    what = (found.start("what") + (found["what"][0] == "的"), found.end("what"))
    act = found.span("act")
    return Frame(act, "A15", 0, "residual", what, NONE, found.span("by"), NONE, (act[0], what[1]))


def _phrases(reader: Reader, start: int, end: int) -> Iterator[tuple[int, int, Head | None]]:
    """A part cut where a verb with an object of its own begins (拟订X、指导Y; 起草X并组织实施), with heads."""
    text, words = reader.text, reader.words
    head = read_head(reader, start, end)
    uncut: Head | None = head
    place = max(head.end, start)
    begin = start
    if not reader.words.phrases.told(text, place, end) and pivot(reader, head, end) == NONE:
        start_at = place if head.acts else place + 1
        ends = Tail(()) if head.acts else tail(text, words, place, end)
        decides = ends.sure or (bool(ends.acts) and ends.acts[-1][0].row.code in _DECIDES)
        if head.acts and head.acts[-1].row.code == "A01":  # 提出加快X、推动Y的政策
            decides = reader.words.phrases.policy.search(text, place, end) is not None
        for match in p.CONNECTOR.finditer(text, start_at, end):
            if match.start() < place or (decides and match[0] != "并") or text[match.start() - 1] in "的、":
                continue
            at = p.behind(reader.words.phrases.adverb, text, match.end(), end)
            verb = words.at(text, at, end) if match[0].endswith("并") else words.verb_at(text, at, end)
            if verb is None or not _opens(reader, match, at, end):
                continue
            yield begin, match.start(), None
            begin, uncut = match.end(), None
            inner = read_head(reader, begin, end)
            place = inner.end
            if pivot(reader, inner, end) != NONE:
                break
    yield begin, end, uncut


def _opens(reader: Reader, match: re.Match[str], at: int, end: int) -> bool:
    """Whether the verb at a place has an object behind it and is no noun in a row of acts (X的起草、实施和检查)."""
    if match[0].endswith("并") and match[0] != "、并":
        return True
    text = reader.text
    head = read_head(reader, at, end)
    rest = reader.words.phrases.without_ends(text, head.end, end)
    noun = reader.words.before(text, *rest)
    if (noun is not None and noun.start == rest[0]) or reader.words.is_kind(text, *rest):  # 跟踪服务, 调整方案
        return False
    following = text[head.end : head.end + 1]
    return rest[1] - rest[0] > 1 and following not in ("", "、", "和", "的", "等", "及") and rest[0] <= head.end + 1


def _phrase(reader: Reader, state: State, span: Span, given: tuple[Head | None, bool]) -> Iterator[Frame]:
    """Powers of one phrase; `given`: its head where it has been read, and whether it goes on from the last phrase."""
    (start, end), goes_on = span, given[1]
    head = given[0] or read_head(reader, start, end)
    if not (head.acts or head.carrier or head.part):
        basis = head.basis
        head = later(reader, start, end) or Head(start, start)
        head.basis = head.basis if head.basis != NONE else basis
    if head.basis == NONE:
        head.basis, state.basis = state.basis, NONE
    if head.actors != NONE and head.end >= end and not (head.acts or head.carrier):
        state.with_ = head
        return
    if state.with_ is not None:
        head.actors, head.part, head.with_ = state.with_.actors, state.with_.part, state.with_.with_
        state.with_ = None
    goes_on = goes_on or (bool(head.acts) and head.acts[0].text.endswith("实施"))
    shared = state.object if goes_on else None
    found = list(_verbs(reader, head, end, shared) if head.acts else _nouns(reader, state, head, end))
    if found:
        state.object = found[-1].object
    state.carrier = None if head.acts else head.carrier or state.carrier
    yield from found


def _verbs(reader: Reader, head: Head, end: int, last: Span | None) -> Iterator[Frame]:
    """Powers of verbs at the head: one object for all of them; `last` is the object they share where they name none."""
    text = reader.text
    scope, thing = _object(reader, head.end, end)
    actors = head.actors if head.actors != NONE else pivot(reader, head, end)
    if head.object != NONE and p.NUMBER.match(text, *thing):
        thing = head.object
    if thing[0] >= thing[1]:
        thing = last or thing
    acts: Sequence[Word] = head.acts
    second = reader.words.at(text, *thing) if acts[-1].row.kind == "both" else None
    if second is not None and second.row.kind == "both" and (acts[-1].end, thing[1]) == (second.start, second.end):
        acts, thing = [*acts, second], last or NONE  # 检查验收
    base = Frame(NONE, "", 0, "", thing, _or(scope, head.scope), actors, head.basis, (head.start, end), head.subject)
    for word in acts:
        titled = word.row.kind != "verb" and head.carrier is None and head.part is None
        if thing[0] < thing[1] or not titled:  # 综合执法。
            yield _frame(reader, head, word, base)


def _nouns(reader: Reader, state: State, head: Head, end: int) -> Iterator[Frame]:
    """Powers of the nouns at the end of a phrase that a carrier bears, or of the carrier itself."""
    text, carrier = reader.text, head.carrier
    moved = pivot(reader, head, end)
    ends = tail(text, reader.words, head.end, end) if moved == NONE else Tail(())
    if carrier is None and head.part is None:  # 对X的处罚, or items of a list that one carrier opened
        if text[end : end + 1] == ":" or not (ends.acts and (state.carrier is not None or ends.sure)):
            return
        carrier = None
    if carrier is not None and carrier.row is head.part:  # 统筹X, 参与X编制: one power, whatever act X ends with
        if carrier.row.role == "assist" and ends.acts:
            carrier = carrier._replace(row=replace(carrier.row, code=ends.acts[-1][0].row.code))
        ends = Tail(())
    base = Frame(NONE, "", 0, "", NONE, NONE, _or(moved, head.actors), head.basis, (head.start, end), head.subject)
    borne = replace(head, carrier=head.carrier or state.carrier)
    for word, span in ends.acts:
        scope, thing = _object(reader, *span)
        yield _frame(reader, borne, word, base._replace(object=thing, scope=_or(scope, head.scope)))
    if head.part is ASSIST and head.with_ is not None and carrier is not None:
        carrier = head.with_  # 配合X做好Y
    if carrier is not None and (ends.left or not ends.acts):
        scope, thing = _object(reader, *(ends.left or (head.end, end)))
        if thing[1] <= thing[0] and carrier.text.endswith("实施"):
            thing = state.object
        if thing[1] - thing[0] > 1:
            yield _frame(reader, head, carrier, base._replace(object=thing, scope=_or(scope, head.scope)))


def _or(first: Span, second: Span) -> Span:
    return first if first != NONE else second


def _object(reader: Reader, start: int, end: int) -> tuple[Span, Span]:
    """Scope and object of a stretch."""
    text = reader.text
    target = p.AT_LEAST.search(text, start, end)
    start, end = reader.words.phrases.without_ends(text, start, target.start() if target else end)
    start = p.behind(p.FOR, text, start, end)
    scope = p.SCOPE.match(text, start, end)
    if scope is None or scope.end() >= end:
        return NONE, (start, max(start, end))
    where = scope.span()
    start = p.behind(p.FOR, text, scope.end(), end)
    return (where[0], where[1] - (text[where[1] - 1] == "的")), reader.words.phrases.without_ends(text, start, end)


def _frame(reader: Reader, head: Head, word: Word, base: Frame) -> Frame:
    thing = reader.text[slice(*base.object)]
    code = reader.words.code(word.text, word.row, thing)
    strength, role = _authority(head, word, code, bool(reader.words.phrases.public.search(thing)))
    return base._replace(act=(word.start, word.end), code=code, strength=strength, role=role)


def _authority(head: Head, word: Word, code: str, public: bool) -> tuple[int, str]:
    """Strength and role: who takes part has no power, who leads has at least that, else what carrier and act say."""
    row, part = word.row, head.part
    carrier = head.carrier.row.role if head.carrier else ""
    if part is not None and part.role == "assist":
        return 1, "assist"
    if code == "A15":
        return 3, "perform"
    if part is not None:
        return max(4, row.strength), "own" if row.strength == 5 and part is LEAD else "lead"
    if row.role:
        return row.strength, "own" if row.role == "perform" and carrier == "own" else row.role
    if row.strength == 5 or carrier == "own":
        return row.strength, "own"
    if carrier and row.code != "A02":
        return row.strength, "perform"
    if row.strength == 4:
        return 4, "own"
    if code == "A03":
        return row.strength, "guide" if public else "own"
    return row.strength, "guide" if row.strength == 2 else "perform"
