"""Acts of a duty clause with their objects: sentences, phrases, the words at a phrase's head and the nouns at its end.

Act words count by where they stand. At the head of a phrase they are verbs (`指导、检查X`); behind a word that only carries
them (负责, 开展, 做好) they are the nouns at the end (`负责X的审批及日常监管`); anywhere else they belong to the object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from dutymine.duties import phrases as p
from dutymine.duties.acts import ActRow, Lexicon, Word, lexicon
from dutymine.duties.tails import Tail, tail
from dutymine.settings import Settings
from dutymine.text import Span, split_spans

_NONE = (0, 0)
_PUSHES = frozenset({"推动", "推进", "促进", "督促", "加快", "引导", "动员", "鼓励", "支持", "带动", "助推"})
_LEADS, _ASSISTS = frozenset({"会同", "联合", "商", "协商"}), frozenset({"配合", "协助", "协同"})
_LEAD = ActRow((), "joiner", "A02", 4, "lead")
_ASSIST = ActRow((), "joiner", "A02", 1, "assist")


@dataclass(frozen=True, slots=True)
class Frame:
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
    subject: Span = _NONE


@dataclass(slots=True)
class Head:
    """What stands before the object of a phrase."""

    start: int
    end: int = 0
    acts: list[Word] = field(default_factory=list)
    carrier: Word | None = None
    part: ActRow | None = None  # leads or takes part, whatever the act
    actors: Span = _NONE
    with_: Word | None = None  # 会同, 配合 before actors
    basis: Span = _NONE
    object: Span = _NONE  # of 对X进行…
    scope: Span = _NONE  # of 权限内负责…
    subject: Span = _NONE


@dataclass(slots=True)
class State:
    """What a phrase may take over from those before it."""

    carrier: Word | None = None
    object: Span = _NONE
    basis: Span = _NONE
    with_: Head | None = None


@lru_cache(maxsize=1 << 16)
def frames(text: str, settings: Settings) -> tuple[Frame, ...]:
    """Powers of a folded clause without white space; a clause seen before costs nothing."""
    hidden = p.masked(text)
    words = lexicon(settings)
    found: list[Frame] = []
    state = State()
    for start, end in split_spans(hidden, 0, len(hidden), "。;!"):
        state = State(carrier=state.carrier)
        for a, b in _segments(hidden, start, end):
            found += _segment(_Reader(hidden, words, state), a, b)
        if ":" not in hidden[start:end] and hidden[end - 1] in "。!":
            state.carrier = None
    return tuple(found)


def _segments(text: str, start: int, end: int) -> Iterator[Span]:
    """Parts between commas; a penalty on a long description is one part."""
    if p.PENALTY.match(text, start, end):
        yield start, end
        return
    yield from split_spans(text, start, end, "，,:")


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    words: Lexicon
    state: State


def _segment(reader: _Reader, start: int, end: int) -> Iterator[Frame]:
    text = reader.text
    start, end = _bare(text, start, end)
    if start >= end:
        return
    residual = p.RESIDUAL.match(text, start, end) or p.RESIDUAL.search(text, start, min(end, start + 60))
    if text[end : end + 1] == ":" and end - start < 8 and not read_head(reader, start, end).carrier:
        return
    if residual and (residual["what"].startswith(("的其", "其他", "其它")) or residual["act"] in ("完成", "承办", "办理")):
        act, by, what = residual.span("act"), residual.span("by"), residual.span("what")
        whole = (act[0], what[1])
        lead = what[0] + (text[what[0]] == "的")
        yield Frame(act, "A15", 0, "residual", (lead, what[1]), _NONE, by, _NONE, whole)
        return
    basis = p.BASIS.match(text, start, end)
    if basis and basis.end() >= end:
        reader.state.basis = (start, end)
        return
    for a, b in _phrases(reader, start, end):
        yield from _phrase(reader, a, b, a > start)


def _bare(text: str, start: int, end: int) -> Span:
    while start < end and (text[start] in p.MASK + "、并" or text[start].isspace()):
        start += 1
    while end > start and text[end - 1] in "，,。;:!":
        end -= 1
    return start, end


def _phrases(reader: _Reader, start: int, end: int) -> Iterator[Span]:
    """A part cut where a new verb with an object of its own begins (拟订规划、指导实施; 起草规划并组织实施)."""
    text, words = reader.text, reader.words
    head = read_head(reader, start, end)
    place = max(head.end, start)
    if not p.told(text, place, end) and pivot(reader, head, end) == _NONE:
        begin = start
        ends = () if head.acts else tail(text, words, place, end).acts
        decides = bool(ends) and ends[-1][0].row.code in ("A04", "A05")
        for match in p.CONNECTOR.finditer(text, place if head.acts else place + 1, end):
            if match.start() < place or (decides and match[0] != "并"):
                continue
            at = match.end()
            while (adverb := p.ADVERB.match(text, at, end)) is not None:
                at = adverb.end()
            verb = words.at(text, at, end) if match[0].endswith("并") else words.verb_at(text, at, end)
            if verb is None or text[match.start() - 1] in "的、" or not _opens(reader, match, at, end):
                continue
            yield begin, match.start()
            begin = match.end()
            inner = read_head(reader, begin, end)
            place = inner.end
            if pivot(reader, inner, end) != _NONE:
                break
        start = begin
    yield start, end


def _opens(reader: _Reader, match: object, at: int, end: int) -> bool:
    """Whether the verb at a place has an object behind it and is no noun in a row of acts (X的起草、实施和检查)."""
    text = reader.text
    head = read_head(reader, at, end)
    rest = p.without_ends(text, head.end, end)
    if match[0].endswith("并") and match[0] != "、并":  # type: ignore[index]
        return True
    following = text[head.end : head.end + 1]
    return rest[1] - rest[0] > 1 and following not in ("", "、", "和", "的", "等", "及") and rest[0] <= head.end + 1


def _phrase(reader: _Reader, start: int, end: int, goes_on: bool) -> Iterator[Frame]:
    state = reader.state
    head = read_head(reader, start, end)
    if not (head.acts or head.carrier or head.part):
        head = _later(reader, start, end) or Head(start, start)
        if head.basis == _NONE:
            head.basis = read_head(reader, start, end).basis
    if head.basis == _NONE:
        head.basis, state.basis = state.basis, _NONE
    if head.actors != _NONE and head.end >= end and not (head.acts or head.carrier):
        state.with_ = head
        return
    if state.with_ is not None:
        head.actors, head.part, head.with_ = state.with_.actors, state.with_.part, state.with_.with_
        state.with_ = None
    found = list(_verbs(reader, head, end, goes_on) if head.acts else _nouns(reader, head, end))
    if found:
        state.object = found[-1].object
    if head.acts:
        state.carrier = None
    elif head.carrier:
        state.carrier = head.carrier
    yield from found


def read_head(reader: _Reader, start: int, end: int) -> Head:
    """The words before the object: adverbs, bases, bodies acted with, carriers and verbs."""
    text, words = reader.text, reader.words
    head = Head(start, start)
    at, lawful = start, _NONE
    while at < end:
        basis = p.BASIS.match(text, at, end) if not head.acts else None
        if basis and basis.end() < end:
            head.basis, at = basis.span(), basis.end()
            continue
        adverb = p.ADVERB.match(text, at, end)
        if adverb and not words.at(text, at, end):
            if p.LAWFUL.match(adverb[0]) and lawful == _NONE:
                lawful = adverb.span()
            at = adverb.end()
            continue
        scope = p.SCOPE.match(text, at, end) if not head.acts else None
        if scope and _goes_on(reader, head, scope.end(), end):
            head.scope, at = scope.span(), scope.end()
            continue
        together = p.WITH.match(text, at, end) if not head.acts else None
        if together and (stop := _joins(reader, head, together[0], together.end(), end)) > together.end():
            at = head.end = stop
            continue
        link = p.CONNECTOR.match(text, at, end) if head.acts or head.carrier or head.part else None
        skipped = p.ADVERB.match(text, link.end(), end) if link else None
        begin = skipped.end() if skipped else link.end() if link else at
        word = words.at(text, begin, end, bare=begin == start or not (link or head.carrier or head.part))
        if word is None or not _admits(reader, head, word, bool(link), end):
            break
        _take(head, word)
        head.basis = head.basis if head.basis != _NONE else lawful
        at = head.end = word.end
    return head


def _joins(reader: _Reader, head: Head, kind: str, start: int, end: int) -> int:
    """Where 会同X, 配合X ends before an act of ours, or `start`; sets what part we take."""
    stop, before_act = _body(reader, start, end)
    if stop == start or not (before_act or stop >= end or kind in _LEADS):
        return start
    if kind in ("与", "同", "在"):
        head.actors = _NONE if kind == "在" else (start, stop)
        return stop if before_act else start
    head.actors, head.part = (start, stop), _ASSIST if kind in _ASSISTS else _LEAD
    head.with_ = Word(head.part, start - len(kind), start, kind)
    return stop


def _body(reader: _Reader, start: int, end: int) -> tuple[int, bool]:
    """Where bodies named at `start` end, and whether a verb follows: the first end before a verb, else the first."""
    first = start
    for match in p.ORGANS.finditer(reader.text, start, min(end, start + 70)):
        if match.start() == start and len(match[0]) < 2:
            continue
        at = p.behind_adverbs(reader.text, match.end(), end)
        if at >= end or reader.words.verb_at(reader.text, at, end) or p.FOR.match(reader.text, at, end):
            return match.end(), at < end
        word = reader.words.at(reader.text, at, end)
        if word is not None and word.row.code in ("A03", "A04", "A05", "A08") and p.ORGANS.match(reader.text, word.end) is None:
            return match.end(), True
        first = match.end() if first == start else first
    return first, False


def _admits(reader: _Reader, head: Head, word: Word, linked: bool, end: int) -> bool:
    """Whether a word goes on with the head rather than beginning the object."""
    last = head.acts[-1] if head.acts else None
    kind, code = word.row.kind, word.row.code
    if last is None:
        if kind in ("noun", "both") and (head.carrier or head.part) and not linked:
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
    steers = last.row.code == "A02" and last.text not in _PUSHES
    if code == "A02" and kind == "verb":
        return last.row.code in ("A02", "A03")
    if steers and kind == "both" and code == "A03":
        return True
    return last.row.code == code == "A07" and kind == "verb"


def _goes_on(reader: _Reader, head: Head, at: int, end: int) -> bool:
    """Whether a verb follows a scope: 权限内[负责]X, 负责本辖区[监督管理]X."""
    word = reader.words.at(reader.text, p.behind_adverbs(reader.text, at, end), end)
    if word is None or word.row.kind == "noun":
        return False
    follows = word.end < end and reader.words.at(reader.text, word.end, end) is None
    return word.row.kind != "both" or (follows and word.row.code in ("A03", "A05") and reader.text[word.end] not in "的、和及")


def _is_verb(reader: _Reader, head: Head, word: Word, end: int) -> bool:
    """Whether a word behind a carrier is a verb (负责监管X) and no part of the object (负责服务贸易的统计)."""
    text = reader.text
    rest = p.without_ends(text, word.end, end)
    if rest[0] >= rest[1] or word.row.kind == "front":
        return head.carrier is None or head.carrier.row is not head.part or word.row.kind == "front"
    link = p.CONNECTOR.match(text, word.end, end)
    if link and reader.words.verb_at(text, link.end(), end) and word.row.kind == "both":
        return True
    ends = tail(text, reader.words, word.start, end)
    if ends.acts and (link or word.row.code not in ("A03", "A05")):
        return False
    return word.row.kind == "both" or p.SCOPE.match(text, word.end, end) is not None


def _take(head: Head, word: Word) -> None:
    """Put a word into the head: 组织 and 参与 go with the verb behind them."""
    kind = word.row.kind
    if kind == "light" and head.acts:
        head.acts.append(word)
        return
    if kind == "light" or (kind == "joiner" and word.row.role not in ("lead", "assist")):
        stronger = head.carrier is None or head.carrier.row.role != "own"
        if stronger or word.row.kind == "joiner":
            head.carrier = replace(word, row=head.carrier.row) if head.carrier and not stronger else word
        return
    if kind == "joiner":
        head.part = word.row
        head.carrier = head.carrier or word
        return
    joined = head.carrier if head.carrier and head.carrier.end == word.start and kind == "verb" else None
    if joined and joined.text in _JOINS:
        word = Word(word.row, joined.start, word.end, joined.text + word.text)
    head.acts.append(word)


_JOINS = frozenset({"组织", "研究", "探索", "统筹", "牵头", "参与", "配合", "协助", "协同"})


def _later(reader: _Reader, start: int, end: int) -> Head | None:
    """A head behind a subject or an adjunct: 局机关负责X, 为企业提供X, 对X进行检查."""
    text, words = reader.text, reader.words
    if (told := p.told(text, start, end)) is not None:
        return None if tail(text, words, start, end).acts else _told(reader, start, told.end(), end)
    verb = words.first_verb(text, start, end)
    if verb is None:
        return None
    before = text[p.behind_adverbs(text, start, verb.start) : verb.start]
    if before.endswith(("的", "、", "和", "及", "与", "未", "不", "被", "所", "等")) or len(before) > 60:
        return None
    adjunct = before.startswith(("为", "向", "将", "把", "在", "以", "就", "从", "与", "通过", "结合", "围绕", "由", "使", "面向"))
    organ = p.ORGAN_END.search(p.BETWEEN.sub("", before))
    if not (adjunct or organ or (len(before) <= 4 and verb.row.kind == "light")):
        return None
    head = read_head(reader, verb.start, end)
    rest = p.without_ends(text, head.end, end)
    if rest[1] - rest[0] < 1:
        return None
    head.start = start
    if before.startswith(("将", "把")):
        head.object = (start + 1, verb.start)
    elif organ and not before.startswith(("为", "向", "在", "通过", "围绕")):
        head.subject = (start, verb.start)
    return head


def _told(reader: _Reader, start: int, begin: int, end: int) -> Head | None:
    """The head of 对X进行…, 对X提出…, with its object."""
    for match in reversed(list(p.GIVES.finditer(reader.text, begin, end))):
        head = read_head(reader, match.start(), end)
        if head.acts or head.carrier:
            head.start, head.object = start, (begin, match.start())
            return head
    return None


def pivot(reader: _Reader, head: Head, end: int) -> Span:
    """The bodies that are made to act: 指导[有关部门]督促企业做好X; empty where there are none."""
    steers = head.acts and head.acts[-1].row.code in ("A02", "A13") or head.acts and head.acts[-1].text == "监督"
    carries = not head.acts and head.carrier is not None and head.carrier.text in ("组织", "牵头", "统筹")
    if not (steers or carries):
        return _NONE
    text = reader.text
    stop, before_act = _body(reader, head.end, end)
    at = p.behind_adverbs(text, stop, end)
    verb = reader.words.verb_at(text, at, end) if before_act else None
    if verb is None or verb.row.code == "A13":  # 统筹社区发展
        return _NONE
    rest = p.without_ends(text, verb.end, end)
    return (head.end, stop) if rest[0] < rest[1] else _NONE


def _verbs(reader: _Reader, head: Head, end: int, goes_on: bool) -> Iterator[Frame]:
    """Powers of verbs at the head: one object for all of them."""
    text, state = reader.text, reader.state
    scope, thing = _object(text, head.end, end)
    scope = scope if scope != _NONE else head.scope
    actors = head.actors if head.actors != _NONE else pivot(reader, head, end)
    if thing[0] >= thing[1]:
        shares = goes_on or head.acts[0].text in ("组织实施", "监督实施", "组织落实", "督促落实", "实施")
        thing = head.object if head.object != _NONE else state.object if shares else thing
    acts = list(head.acts)
    second = reader.words.at(text, *thing) if len(acts) == 1 and acts[0].row.kind == "both" else None
    if second is not None and second.row.kind == "both" and (acts[0].end, thing[1]) == (second.start, second.end):
        acts, thing = [*acts, second], _NONE  # 检查验收
    for word in acts:
        if thing[0] >= thing[1] and word.row.kind != "verb" and head.carrier is None and head.part is None:
            continue  # a title: 综合执法。
        yield _frame(reader, head, word, Frame(_NONE, "", 0, "", thing, scope, actors, head.basis, (head.start, end)))


def _nouns(reader: _Reader, head: Head, end: int) -> Iterator[Frame]:
    """Powers of the nouns at the end of a phrase that a carrier bears, or of the carrier itself."""
    text, carrier = reader.text, head.carrier
    actors = pivot(reader, head, end)
    ends = tail(text, reader.words, head.end, end) if actors == _NONE else Tail(())
    actors = actors if actors != _NONE else head.actors
    if carrier is not None and carrier.row is head.part:  # 统筹X, 参与X编制: one power, whatever act X ends with
        if head.part.role == "assist" and ends.acts:
            row = replace(carrier.row, code=ends.acts[-1][0].row.code)
            carrier, head.carrier = replace(carrier, row=row), replace(carrier, row=row)
        ends = Tail(())
    if carrier is None and head.part is None and (text[end : end + 1] == ":" or not _stands_alone(reader, ends)):
        return
    base = Frame(_NONE, "", 0, "", _NONE, _NONE, actors, head.basis, (head.start, end))
    for word, span in ends.acts:
        scope, thing = _object(text, *span)
        yield _frame(reader, head, word, replace(base, object=thing, scope=scope if scope != _NONE else head.scope))
    if carrier is not None and head.part is _ASSIST and head.with_ is not None:
        carrier = head.with_  # 配合X做好Y
    if carrier is not None and (ends.left or not ends.acts):
        scope, thing = _object(text, *(ends.left or (head.end, end)))
        if thing[1] <= thing[0] and carrier.text.endswith("实施"):
            thing = reader.state.object
        if thing[1] - thing[0] > 1:
            yield _frame(reader, head, carrier, replace(base, object=thing, scope=scope))


def _stands_alone(reader: _Reader, ends: Tail) -> bool:
    """Whether nouns without a carrier are acts: items of a list that one carrier opened, and `对X的处罚`."""
    return bool(ends.acts) and (reader.state.carrier is not None or ends.sure)


def _object(text: str, start: int, end: int) -> tuple[Span, Span]:
    """Scope and object of a stretch."""
    start, end = p.without_ends(text, start, end)
    told = p.FOR.match(text, start, end)
    if told:
        start = told.end()
    scope = p.SCOPE.match(text, start, end)
    if scope is None or scope.end() >= end:
        return _NONE, (start, max(start, end))
    inner = p.FOR.match(text, scope.end(), end)
    start = inner.end() if inner else scope.end()
    where = scope.span()
    return (where[0], where[1] - (text[where[1] - 1] == "的")), p.without_ends(text, start, end)


def _frame(reader: _Reader, head: Head, word: Word, base: Frame) -> Frame:
    row = word.row
    thing = reader.text[slice(*base.object)]
    bare = word.text
    for joiner in _JOINS:
        if bare.startswith(joiner) and len(bare) > len(joiner):
            bare = bare[len(joiner) :]
            break
    code = reader.words.code(bare if bare != word.text and row.kind != "joiner" else word.text, row, thing)
    strength, role = _authority(reader, head, word, thing, code)
    return replace(base, act=(word.start, word.end), code=code, strength=strength, role=role, subject=head.subject)


def _authority(reader: _Reader, head: Head, word: Word, thing: str, code: str) -> tuple[int, str]:
    """Strength and role: who takes part has no power, who leads has at least that, else what carrier and act say."""
    row = word.row
    part = head.part
    if part is not None and part.role == "assist":
        return 1, "assist"
    if code == "A15":
        return 3, "perform"
    if part is not None:
        return max(4, row.strength), "own" if row.strength == 5 and part is _LEAD else "lead"
    if row.role:
        role = row.role
        if role == "perform" and head.carrier and head.carrier.row.role == "own":
            role = "own"
        return row.strength, role
    carrier = head.carrier or (None if head.acts else reader.state.carrier)
    if row.strength == 5 or (carrier is not None and carrier.row.role == "own"):
        return row.strength, "own"
    if carrier is not None and row.code != "A02":
        return row.strength, "perform"
    if row.strength == 4:
        return 4, "own"
    if code == "A03":
        return row.strength, "guide" if p.PUBLIC.search(thing) else "own"
    return row.strength, {3: "perform", 2: "guide", 1: "assist"}[row.strength]
