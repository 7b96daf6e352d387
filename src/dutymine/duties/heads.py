"""The head of a phrase: what stands before its object, which acts it names, who acts with us and on what basis."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dutymine.duties import phrases as p
from dutymine.duties.acts import ActRow, Lexicon, Word
from dutymine.duties.tails import tail
from dutymine.text import Span

NONE = (0, 0)
LEAD, ASSIST = ActRow((), "joiner", "A02", 4, "lead"), ActRow((), "joiner", "A02", 1, "assist")
_OFFICIAL = ("A03", "A04", "A05", "A08")  # acts of bodies: 会同公安机关监督X
# Verbs that stand side by side on one object: 汇总编报, 搜集保存, 排查化解, 管理维护.
_BESIDE = {(one, other) for one in ("A03", "A06", "A07") for other in ("A06", "A07")} | {("A01", "A01"), ("A07", "A01")}
_LONGEST_BODY, _LONGEST_SUBJECT, _SHORT_SUBJECT = 70, 60, 4  # characters


@dataclass(frozen=True, slots=True)
class Reader:
    """A clause with its brackets masked, and the act words."""

    text: str
    words: Lexicon


@dataclass(slots=True)
class Head:
    """What stands before the object of a phrase."""

    start: int
    end: int = 0
    acts: list[Word] = field(default_factory=list)
    carrier: Word | None = None
    part: ActRow | None = None  # leads or takes part, whatever the act
    actors: Span = NONE
    with_: Word | None = None  # 会同, 配合 before actors
    basis: Span = NONE
    lawful: Span = NONE  # 依法, 按规定: the basis where no longer one is told
    object: Span = NONE  # of 对X进行…
    scope: Span = NONE  # of 权限内负责…
    subject: Span = NONE


def read_head(reader: Reader, start: int, end: int) -> Head:
    """The words before the object: adverbs, bases, bodies acted with, carriers and verbs."""
    head = Head(start, start)
    at = start
    while at < end:
        behind = _setting(reader, head, at, end)
        if behind == at:
            word = _word(reader, head, at, end)
            if word is None:
                break
            head.basis = head.basis if head.basis != NONE else head.lawful
            behind = head.end = word.end
        at = behind
    if head.basis == NONE and reader.words.phrases.told(reader.text, start, end):
        head.basis = head.lawful
    return head


def _setting(reader: Reader, head: Head, at: int, end: int) -> int:
    """Behind a basis, an adverb, a scope or bodies acted with; `at` where none stands there."""
    text, words = reader.text, reader.words
    adverb = reader.words.phrases.adverb.match(text, at, end)
    if head.acts:
        return adverb.end() if adverb and not words.at(text, at, end) else at
    basis = reader.words.phrases.basis.match(text, at, end)
    if basis and basis.end() < end:
        head.basis = (head.lawful[0] if head.lawful[1] == at else at, basis.end())
        return basis.end()
    if adverb and not words.at(text, at, end):
        if reader.words.phrases.lawful.match(adverb[0]) and head.lawful == NONE:
            head.lawful = adverb.span()
        return adverb.end()
    scope = p.SCOPE.match(text, at, end)
    if scope and _goes_on(reader, scope.end(), end):
        head.scope = scope.span()
        return scope.end()
    together = p.WITH.match(text, at, end)
    if together and (stop := _joins(reader, head, together, end)) > together.end():
        head.end = stop
        return stop
    return at


def _word(reader: Reader, head: Head, at: int, end: int) -> Word | None:
    """Put the next act word into the head, a linked one too; None where the object begins."""
    text = reader.text
    begun = head.carrier is not None or head.part is not None
    link = p.CONNECTOR.match(text, at, end) if head.acts or begun else None
    begin = at
    if link:
        skipped = reader.words.phrases.adverb.match(text, link.end(), end)
        begin = skipped.end() if skipped else link.end()
    word = reader.words.at(text, begin, end, bare=not (link or begun or head.acts))
    if word is None or not _admits(reader, head, word, bool(link), end):
        return None
    carrier = head.carrier
    if link and carrier and not head.acts and (carrier.row.kind, carrier.row.role) == ("light", "perform"):
        head.acts.append(carrier)  # 组织实施、督促检查
    _take(reader, head, word)
    return word


def _joins(reader: Reader, head: Head, together: re.Match[str], end: int) -> int:
    """Where 会同X, 配合X ends before an act of ours, or where X begins; sets what part we take."""
    kind, start = together[0], together.end()
    stop, before_act = _body(reader, start, end)
    if stop == start or not (before_act or stop >= end or kind in p.LEADS):
        return start
    if kind in ("与", "同", "在"):
        head.actors = NONE if kind == "在" else (start, stop)
        return stop if before_act else start
    head.actors, head.part = (start, stop), ASSIST if kind in p.ASSISTS else LEAD
    head.with_ = Word(head.part, start - len(kind), start, kind)
    return stop


def _body(reader: Reader, start: int, end: int) -> tuple[int, bool]:
    """Where bodies named at `start` end, and whether a verb follows: the first end before a verb, else the first."""
    first = start
    for match in reader.words.phrases.organs.finditer(reader.text, start, min(end, start + _LONGEST_BODY)):
        if match.start() == start and len(match[0]) < 2:
            continue
        at = reader.words.phrases.behind_adverbs(reader.text, match.end(), end)
        if at >= end or reader.words.verb_at(reader.text, at, end) or p.FOR.match(reader.text, at, end):
            return match.end(), at < end
        word = reader.words.at(reader.text, at, end)
        if (
            word is not None
            and word.row.code in _OFFICIAL
            and reader.words.phrases.organs.match(reader.text, word.end) is None
        ):
            return match.end(), True
        first = match.end() if first == start else first
    return first, False


def _admits(reader: Reader, head: Head, word: Word, linked: bool, end: int) -> bool:
    """Whether a word goes on with the head rather than beginning the object."""
    words = reader.words
    last = head.acts[-1] if head.acts else None
    kind, code = word.row.kind, word.row.code
    if last is None:
        if kind in ("noun", "both", "front") and head.carrier and not linked:
            return _is_verb(reader, head, word, end)
        return not linked or kind != "noun" or head.carrier is None
    if linked:
        if kind == "light":
            return word.row.role != "own"
        if kind == "joiner":
            after = reader.words.at(reader.text, word.end, end)
            return word.text == "组织" and after is not None and after.row.kind == "verb"
        return True
    if kind in ("joiner", "light", "front"):
        return False
    if head.carrier and head.carrier.end == word.start:  # 起草或者[组织]起草
        return True
    steers = last.row.code == "A02" and last.text not in words.lists["pushes"]
    if code == "A02" and kind == "verb":
        return last.row.code in ("A02", "A03")
    if steers and kind == "both" and code == "A03":
        return True
    if kind == last.row.kind == "both" and code == last.row.code:  # 宣传普及X
        return reader.words.phrases.without_ends(reader.text, word.end, end)[1] > word.end
    if kind != "verb" or last.text in words.lists["single"] or (last.row.code, code) not in _BESIDE:
        return False
    rest = reader.words.phrases.without_ends(reader.text, word.end, end)
    return rest[0] < rest[1] and reader.text[word.end] not in "、和及的"


def _goes_on(reader: Reader, at: int, end: int) -> bool:
    """Whether a verb follows a scope: 权限内[负责]X, 负责本辖区[监督管理]X."""
    word = reader.words.at(reader.text, reader.words.phrases.behind_adverbs(reader.text, at, end), end)
    if word is None or word.row.kind == "noun":
        return False
    follows = word.end < end and reader.words.at(reader.text, word.end, end) is None
    return word.row.kind != "both" or (
        follows and word.row.code in ("A03", "A05") and reader.text[word.end] not in "的、和及"
    )


def _is_verb(reader: Reader, head: Head, word: Word, end: int) -> bool:
    """Whether a word behind a carrier is a verb (负责监管X) and no part of the object (负责服务贸易的统计)."""
    text = reader.text
    rest = reader.words.phrases.without_ends(text, word.end, end)
    if rest[0] >= rest[1]:
        return head.carrier is None or head.carrier.row is not head.part
    link = p.CONNECTOR.match(text, word.end, end)
    if link and reader.words.verb_at(text, link.end(), end) and word.row.kind == "both":
        return True
    ends = tail(text, reader.words, word.start, end)
    if word.row.kind == "front":
        return not ends.acts or ends.acts[-1][0].row.code not in ("A04", "A05")
    if ends.acts and (link or word.row.code not in ("A03", "A05")):
        return False
    return word.row.kind == "both" or p.SCOPE.match(text, word.end, end) is not None


def _take(reader: Reader, head: Head, word: Word) -> None:
    """Put a word into the head: 组织 and 参与 go with the verb behind them."""
    kind = word.row.kind
    if kind == "light" and head.acts:
        head.acts.append(word)
        return
    if kind == "light" or (kind == "joiner" and word.row.role not in ("lead", "assist")):
        stronger = head.carrier is None or head.carrier.row.role != "own"
        if stronger or word.row.kind == "joiner":
            head.carrier = word._replace(row=head.carrier.row) if head.carrier and not stronger else word
        return
    if kind == "joiner":
        head.part = word.row
        head.carrier = head.carrier or word
        return
    joined = head.carrier if head.carrier and head.carrier.end == word.start and kind == "verb" else None
    if joined and joined.text in reader.words.lists["joins"]:
        word = word._replace(start=joined.start)
    head.acts.append(word)


def pivot(reader: Reader, head: Head, end: int) -> Span:
    """The bodies that are made to act: 指导[有关部门]督促企业做好X; empty where there are none."""
    last = head.acts[-1] if head.acts else head.carrier
    if last is None or not _moves(last, bool(head.acts)):
        return NONE
    text = reader.text
    stop, before_act = _body(reader, head.end, end)
    at = reader.words.phrases.behind_adverbs(text, stop, end)
    verb = reader.words.verb_at(text, at, end) if before_act else None
    if verb is None or verb.row.code == "A13":  # 统筹社区发展
        return NONE
    rest = reader.words.phrases.without_ends(text, verb.end, end)
    return (head.end, stop) if rest[0] < rest[1] else NONE


def _moves(word: Word, is_act: bool) -> bool:
    if is_act:
        return word.row.code in ("A02", "A13") or word.text == "监督"
    return word.text in ("组织", "牵头", "统筹")


def later(reader: Reader, start: int, end: int) -> Head | None:
    """A head behind a subject or an adjunct: 局机关负责X, 为企业提供X, 对X进行检查."""
    text, words = reader.text, reader.words
    subject = p.SUBJECT.match(text, start, end)
    begin = subject.end() if subject else start
    if (told := reader.words.phrases.told(text, begin, end)) is not None:
        head = Head(start, begin) if tail(text, words, begin, end).acts else _told(reader, start, told.end(), end)
        if head is not None and subject is not None:
            head.subject = subject.span()
        return head
    verb = words.first_verb(text, start, end)
    if verb is None:
        return None
    before = text[reader.words.phrases.behind_adverbs(text, start, verb.start) : verb.start]
    if before.endswith(("的", "、", "和", "及", "与", "未", "不", "被", "所", "等")) or len(before) > _LONGEST_SUBJECT:
        return None
    adjunct = before.startswith(
        ("为", "向", "将", "把", "在", "以", "就", "从", "与", "通过", "结合", "围绕", "由", "使", "面向")
    )
    organ = reader.words.phrases.organ_end.search(p.BETWEEN.sub("", before))
    if not (adjunct or organ or (len(before) <= _SHORT_SUBJECT and verb.row.kind == "light")):
        return None
    head = read_head(reader, verb.start, end)
    rest = reader.words.phrases.without_ends(text, head.end, end)
    if rest[1] - rest[0] < 1:
        return None
    head.start = start
    if before.startswith(("将", "把")):
        head.object = (start + 1, verb.start)
    elif organ and not before.startswith(("为", "向", "在", "通过", "围绕")):
        head.subject = (start, verb.start)
    return head


def _told(reader: Reader, start: int, begin: int, end: int) -> Head | None:
    """The head of 对X进行…, 对X提出…, with its object."""
    for match in reversed(list(reader.words.phrases.gives.finditer(reader.text, begin, end))):
        head = read_head(reader, match.start(), end)
        if (head.acts or head.carrier) and not p.REPORTED.search(reader.text, begin, match.start()):
            head.start, head.object = start, (begin, match.start())
            return head
    return None
