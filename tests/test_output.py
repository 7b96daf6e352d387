"""The tables come out as the contract has them: columns, ids, lines, fingerprints, bytes."""

import csv
import dataclasses
import io
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutymine import model
from dutymine.model import (
    Amount,
    AmountRole,
    Cell,
    Clause,
    Comparator,
    Document,
    Identity,
    Indicator,
    Mined,
    Place,
    Power,
    Reject,
    Section,
    SectionKind,
    Table,
    Threshold,
    ThresholdKind,
)
from dutymine.output.codes import axes, codes
from dutymine.output.columns import Row
from dutymine.output.csv_tables import CsvTable
from dutymine.output.csv_tables import read as read_csv
from dutymine.output.dataframes import to_pandas
from dutymine.output.files import FORMATS, Results, read_table, write_text
from dutymine.output.frames import Origin, frames
from dutymine.output.schema import EXTRACTED, TABLES
from dutymine.settings import Settings
from dutymine.text import fold

# Copied from the contract. Tools outside the project read these names in this order: more may follow, none may change.
CONTRACT = {
    "documents": "doc_id, path, sha256, format, encoding, title, department, department_type, level, province, city, "
    "county, fiscal_year, kind, chars, status",
    "sections": "doc_id, section_id, parent_id, kind, title, start, end, line",
    "tables": "doc_id, table_id, section_id, caption, unit, rows, columns, start, end, line",
    "cells": "doc_id, table_id, row, column, rowspan, colspan, is_header, text, start, end, line",
    "clauses": "doc_id, clause_id, ordinal, marker, number, text, start, end, line, functions, acts, role, "
    "function_scores, needs_review",
    "powers": "doc_id, clause_id, power_id, act, act_code, strength, role, object, scope, actors, "
    "basis, text, start, end",
    "goals": "doc_id, goal_id, level, project, number, title, text, start, end, line",
    "amounts": "doc_id, amount_id, text, value, unit, yuan, role, role_label, period, direction, fund, source, "
    "table_id, row, column, start, end, line, section_id",
    "thresholds": "doc_id, threshold_id, text, comparator, low, high, low_inclusive, high_inclusive, unit, frequency, "
    "indicator_id, subject, kind, start, end, line, section_id",
    "indicators": "doc_id, indicator_id, table_id, project, level1, level2, name, class_code, description, comparator, "
    "low, high, unit, value_text, period, points, scoring_rule, basis, source, start, end, line",
    "institutions": "doc_id, name, nature, rank, funding, start, end, line",
    "procurement": "doc_id, table_id, row, source_of_funds, item, code, unit, quantity, unit_price, amount, "
    "start, end, line",
    "checks": "doc_id, rule, outcome, computation, lines",
    "findings": "doc_id, finding_id, rule, severity, message, quote, suggestion, computation, start, end, line, "
    "related",
    "trace": "doc_id, clause_id, goal_id, indicator_id, amount_id, link, score, evidence",
    "rejects": "path, doc_id, stage, reason, detail, start, end, line",
    "templates": "template_id, department_type, functions, text, members, departments, jurisdictions",
    "members": "template_id, doc_id, clause_id, similarity, relation_text",
    "deviations": "template_id, doc_id, clause_id, kind, slot, own, reference, support, severity, message, "
    "own_start, own_end",
    "pairs": "left_doc, left_clause, right_doc, right_clause, context, relation_text, relation, similarity, "
    "shared_object, left_acts, right_acts, message",
    "isomorphism": "department_type, level, documents, clauses, mean_similarity, identical_share, ci_low, ci_high",
    "benchmarks": "family, department, department_type, county, fiscal_year, name, comparator, low, high, unit, rank, "
    "members, doc_id, indicator_id",
    "coverage": "department_type, county, fiscal_year, function, clauses, with_goal, with_indicator, with_money, "
    "money_mapped, money_total",
    "drift": "department, from_doc, to_doc, from_year, to_year, kind, item, old, new, message",
}
REVIEWABLE = (
    *("documents", "sections", "clauses", "powers", "goals", "amounts", "thresholds", "indicators"),
    *("institutions", "procurement", "findings"),
)

TEXT = (
    "某县水利局2022年预算\n"
    "一、部门职责\n"
    "（一）负责河道审批。\n"
    "二、收支情况\n"
    "收入181.83万元，基金0万元，专户0万元。\n"
    "指标\t≥90个\n"
)


def _span(quote: str, text: str = TEXT, nth: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    return start, start + len(quote)


def _amount(value: str, span: tuple[int, int], **more: object) -> Amount:
    number = Decimal(value)
    plain = Amount(number, "万元", number * 10000, AmountRole.OTHER, "收入", "2022", "", "", *span)
    return dataclasses.replace(plain, **more)


def _mined(text: str = TEXT, path: str = "in/水利.txt", doc_id: str = "0123456789ab") -> Mined:
    def at(quote: str, nth: int = 0) -> tuple[int, int]:
        return _span(quote, text, nth)

    head, money = text.index("一、"), text.index("二、")
    document = Document(doc_id, path, "0" * 64, "text", "utf-8", text, fold(text))
    return Mined(
        document,
        Identity("预算", "某县水利局", "水利局", "county", fiscal_year=2022),
        sections=(
            Section(SectionKind.OTHER, "总", None, 0, 0, 2, len(text)),
            Section(SectionKind.DUTIES, "部门职责", 0, 1, head, head + 6, money),
            Section(SectionKind.INCOME, "收支情况", 0, 1, money, money + 6, len(text)),
        ),
        tables=(Table("", "万元", 1, 2, (Cell(0, 0, 1, 1, True, *at("指标")),), *at("指标\t≥90个")),),
        clauses=(
            Clause(
                1,
                "（一）",
                1,
                "负责河道审批。",
                *at("负责河道审批。"),
                ("F12", "F05"),
                ("A05",),
                "own",
                (Decimal("0.90"),),
            ),
        ),
        powers=(Power(0, "审批", "A05", 5, "own", "河道", "", "", "", *at("审批")),),
        amounts=(_amount("181.83", at("181.83万元")), _amount("0", at("0万元")), _amount("0", at("0万元", 1))),
        thresholds=(
            Threshold(
                Comparator.AT_LEAST, Decimal(90), None, True, False, "个", "", "", ThresholdKind.SYMBOL, *at("≥90个"), 0
            ),
        ),
        indicators=(
            Indicator(
                *("", "产出指标", "数量指标", "指标", "O.qty", ""),
                *(Comparator.AT_LEAST, Decimal(90), None, "个", "≥90个", "", None, "", ""),
                *(*at("指标\t≥90个"), *at("≥90个"), 0, 0),
            ),
        ),
    )


def _cells(name: str, mined: Mined | None = None) -> list[dict[str, object]]:
    rows = frames(mined or _mined())[name]
    return [dict(zip(TABLES[name].names, row, strict=True)) for row in rows]


# --- schema ----------------------------------------------------------------------------------------------------------


def test_every_table_of_the_contract_has_its_columns_first_and_in_order() -> None:
    assert list(TABLES) == list(CONTRACT)
    for name, columns in CONTRACT.items():
        expected = tuple(columns.split(", "))
        assert TABLES[name].names[: len(expected)] == expected, name
        assert len(set(TABLES[name].names)) == len(TABLES[name].names), name


@pytest.mark.parametrize("name", REVIEWABLE)
def test_a_row_a_person_may_review_ends_with_its_fingerprint(name: str) -> None:
    assert TABLES[name].names[-1] == "fingerprint"


def test_code_columns_name_axes_that_exist_and_enums_are_defined_code_by_code() -> None:
    known = set(axes(Settings()))
    assert {column.codes for table in TABLES.values() for column in table.columns} - {""} == known
    enums = {
        "section_kind": model.SectionKind,
        "amount_role": model.AmountRole,
        "comparator": model.Comparator,
        "threshold_kind": model.ThresholdKind,
        "goal_level": model.GoalLevel,
        "role": model.Role,
        "document_kind": model.DocumentKind,
        "status": model.Status,
        "severity": model.Severity,
        "outcome": model.Outcome,
    }
    in_model = {item for item in vars(model).values() if isinstance(item, type) and issubclass(item, StrEnum)}
    assert in_model - {StrEnum} == set(enums.values())
    for axis, enum in enums.items():
        assert [row.code for row in codes(axis, Settings())] == [str(item) for item in enum], axis
    assert [row.code for row in codes("function", Settings())] == [f"F{n:02}" for n in range(21)]
    assert [row.code for row in codes("act", Settings())] == [f"A{n:02}" for n in range(18)]


# --- frames ----------------------------------------------------------------------------------------------------------


def test_rows_fit_their_tables_and_quote_the_text() -> None:
    rows = frames(_mined())
    assert tuple(rows) == EXTRACTED
    for name, table_rows in rows.items():
        for row in table_rows:
            assert len(row) == len(TABLES[name].names), name
    for name in ("amounts", "thresholds", "powers", "cells"):
        for row in _cells(name):
            assert TEXT[row["start"] : row["end"]] == row["text"]


def test_ids_lines_sections_and_bounds() -> None:
    amount, zero, _ = _cells("amounts")
    assert (amount["amount_id"], amount["line"], amount["section_id"]) == ("0123456789ab:a1", 5, "0123456789ab:s3")
    assert (amount["value"], amount["yuan"], str(amount["yuan"])) == (Decimal("181.83"), Decimal(1818300), "1818300")
    assert (zero["value"], amount["source"], amount["table_id"], amount["row"]) == (Decimal(0), "prose", "", None)
    (threshold,) = _cells("thresholds")
    assert (threshold["indicator_id"], threshold["low_inclusive"]) == ("0123456789ab:i1", True)
    assert (threshold["high"], threshold["high_inclusive"]) == (None, None)
    (clause,) = _cells("clauses")
    assert (clause["functions"], clause["function_scores"], clause["line"]) == ("F12|F05", "0.90", 3)
    assert _cells("powers")[0]["clause_id"] == clause["clause_id"]
    assert [row["parent_id"] for row in _cells("sections")] == ["", "0123456789ab:s1", "0123456789ab:s1"]
    assert _cells("tables")[0]["section_id"] == "0123456789ab:s3"


def test_what_follows_a_subsection_belongs_to_the_section_around_it() -> None:
    mined = _mined()
    inner = dataclasses.replace(mined.sections[1], end=mined.sections[1].body)
    mined = dataclasses.replace(mined, sections=(mined.sections[0], inner))
    assert _cells("amounts", mined)[0]["section_id"] == "0123456789ab:s1"
    outside = dataclasses.replace(mined, sections=(dataclasses.replace(inner, parent=None),))
    assert _cells("amounts", outside)[0]["section_id"] == ""


@pytest.mark.parametrize(("end", "line"), [("\n", 5), ("\r\n", 5), ("\r", 5)])
def test_lines_are_counted_as_the_raw_text_breaks_them(end: str, line: int) -> None:
    assert _cells("amounts", _mined(TEXT.replace("\n", end)))[0]["line"] == line


def test_pages_and_sheets_stand_where_the_file_has_them() -> None:
    mined = _mined()
    places = (Place(0, 1), Place(_span("二、")[0], 2, "收支"))
    mined = dataclasses.replace(mined, document=dataclasses.replace(mined.document, places=places))
    assert [(row["page"], row["sheet"]) for row in _cells("amounts", mined)] == [(2, "收支")] * 3
    assert _cells("clauses", mined)[0]["page"] == 1
    assert _cells("clauses")[0]["page"] is None


def test_rejects_of_reader_and_pipeline_stand_once_each() -> None:
    mined = _mined()
    reject, late = Reject("read", "replaced_characters"), Reject("facts", "open_unit", "", *_span("0万元"))
    document = dataclasses.replace(mined.document, rejects=(reject,))
    rows = _cells("rejects", dataclasses.replace(mined, document=document, rejects=(late, reject)))
    assert [(row["reason"], row["line"]) for row in rows] == [("replaced_characters", None), ("open_unit", 5)]


# --- fingerprints ----------------------------------------------------------------------------------------------------


def _fingerprints(mined: Mined, origin: Origin | None = None) -> dict[str, list[object]]:
    rows = frames(mined, origin)
    return {name: [row[-1] for row in rows[name]] for name in REVIEWABLE}


def test_fingerprints_survive_edits_elsewhere_other_folders_and_other_line_ends() -> None:
    before = _fingerprints(_mined("略" * 60 + "\n" + TEXT))
    edited = "略" * 30 + "（修订）按规定公开如下。" + "略" * 30 + "\n" + TEXT
    assert _fingerprints(_mined(edited.replace("\n", "\r\n"), "elsewhere/水利.txt", "f" * 12)) == before


def test_fingerprints_tell_rows_and_documents_apart() -> None:
    before = _fingerprints(_mined())
    everything = [value for values in before.values() for value in values]
    assert len(set(everything)) == len(everything)
    assert all(isinstance(value, str) and len(value) == 16 and int(value, 16) >= 0 for value in everything)
    other = _fingerprints(_mined(path="in/教育.txt"))
    assert not set(everything) & {value for values in other.values() for value in values}
    assert _fingerprints(_mined(), Origin("2022/水利.txt"))["clauses"] != before["clauses"]
    text = TEXT.replace("181.83", "181.84")
    document = dataclasses.replace(_mined().document, text=text, folded=fold(text))
    changed = _fingerprints(dataclasses.replace(_mined(), document=document))
    assert changed["amounts"][0] != before["amounts"][0]


def test_exact_repeats_are_counted() -> None:
    text = TEXT + ("，".join(["某某某某某某某某某某某某0万元某某某某某某某某某某某某"] * 3))
    spans = [_span("0万元", text, nth) for nth in range(2, 5)]
    mined = dataclasses.replace(_mined(text), amounts=tuple(_amount("0", span) for span in spans))
    assert len(set(_fingerprints(mined)["amounts"])) == 3


def test_a_fingerprint_is_the_same_in_every_version() -> None:
    """Reviewers' decisions hang on these: whoever changes the recipe throws them away."""
    assert _fingerprints(_mined())["clauses"] == ["141bb7808f74056a"]


# --- CSV -------------------------------------------------------------------------------------------------------------


def _csv_bytes(folder: Path, name: str, rows: list[Row]) -> bytes:
    table = CsvTable(folder, TABLES[name])
    table.write(rows)
    table.close()
    return table.path.read_bytes()


def _reject_row(detail: str) -> Row:
    return ("a.txt", "0" * 12, "read", "why", detail, 0, None, 1)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", b"'=1+1"),
        ("+1", b"'+1"),
        ("-3", b"'-3"),
        ("@x", b"'@x"),
        ("\tx", b"'\tx"),
        ("'quoted", b"'quoted"),
        ("a,b", b'"a,b"'),
        ('say "x"', b'"say ""x"""'),
        ("two\nlines", b'"two\nlines"'),
        ("lone\rreturn", b'"lone\rreturn"'),
        ('=cmd("x")', b'"\'=cmd(""x"")"'),
        ("", b""),
        ("\ud800", "\ufffd".encode()),
    ],
)
def test_text_cells_are_quoted_and_made_harmless(tmp_path: Path, text: str, cell: bytes) -> None:
    data = _csv_bytes(tmp_path, "rejects", [_reject_row(text)])
    assert data == b"\xef\xbb\xbfpath,doc_id,stage,reason,detail,start,end,line\n" + (
        b"a.txt,000000000000,read,why," + cell + b",0,,1\n"
    )


def test_codes_and_numbers_are_never_escaped(tmp_path: Path) -> None:
    mined = _mined()
    falling = _amount("-3.20", _span("0万元"), direction="-", yuan=Decimal("-3.2E+4"), fund="=基金")
    line = _csv_bytes(tmp_path, "amounts", frames(dataclasses.replace(mined, amounts=(falling,)))["amounts"]).decode()
    assert ",0万元,-3.20,万元,-32000,other,收入,2022,-,'=基金,prose,,,," in line
    exact = dataclasses.replace(mined.thresholds[0], comparator=Comparator.EQUAL)
    rows = frames(dataclasses.replace(mined, thresholds=(exact,)))["thresholds"]
    assert ",≥90个,=,90,,true,,个,," in _csv_bytes(tmp_path, "thresholds", rows).decode()


def test_not_stated_and_zero_are_two_things(tmp_path: Path) -> None:
    _csv_bytes(tmp_path, "amounts", frames(_mined())["amounts"])
    rows = list(read_csv(tmp_path / "amounts.csv", TABLES["amounts"]))
    assert [row["value"] for row in rows] == [Decimal("181.83"), Decimal(0), Decimal(0)]
    assert [row["row"] for row in rows] == [None] * 3


_texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20).filter(
    lambda text: not (text[:1] == "'" and text[1:2] in tuple("=+-@\t"))
)
_numbers = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.just(Decimal("1E+20"))


@given(st.lists(st.tuples(_texts, _numbers, st.none() | st.integers()), max_size=5))
def test_what_is_written_is_read_back(cells: list[tuple[str, Decimal | None, int | None]]) -> None:
    import tempfile

    names = TABLES["trace"].names
    rows: list[Row] = [("d", "c", "", "", "", "duty-goal", score, text) for text, score, _ in cells]
    with tempfile.TemporaryDirectory() as folder:
        data = _csv_bytes(Path(folder), "trace", rows)
        read = [tuple(row.values()) for row in read_csv(Path(folder) / "trace.csv", TABLES["trace"])]
    assert read == rows
    # Any reader of RFC 4180 sees as many cells, and no number with an exponent.
    for line in list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]:
        assert len(line) == len(names)
        assert "E" not in line[names.index("score")]


# --- folders ---------------------------------------------------------------------------------------------------------


def _write(folder: Path, form: str, *documents: Mined) -> None:
    with Results(folder, FORMATS[form]) as results:
        for mined in documents:
            results.write(frames(mined))
            write_text(results.folder, mined.document.doc_id, mined.document.text)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_both_formats_hold_the_same_rows_and_the_same_bytes_twice(tmp_path: Path, form: str) -> None:
    for folder in ("one", "two"):
        _write(tmp_path / folder, form, _mined(), _mined(doc_id="f" * 12))
    expected = {name: frames(_mined()).get(name, []) for name in EXTRACTED}
    for name in EXTRACTED:
        path = tmp_path / "one" / f"{name}.{form}"
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        rows = [tuple(row.values()) for row in read_table(tmp_path / "one", name)]
        assert rows[: len(rows) // 2] == expected[name]
    assert sorted(item.name for item in (tmp_path / "one").iterdir()) == sorted(
        [*(f"{name}.{form}" for name in EXTRACTED), "texts"]
    )


def test_a_number_no_typed_column_holds_is_rejected_and_not_dropped(tmp_path: Path) -> None:
    long = _amount("9" * 40, _span("0万元"))
    _write(tmp_path, "parquet", dataclasses.replace(_mined(), amounts=(long,)))
    assert next(read_table(tmp_path, "amounts"))["value"] is None
    details = [str(row["detail"]) for row in read_table(tmp_path, "rejects")]
    assert [detail[:15] for detail in details] == [
        "amounts.value: ",
        "amounts.yuan: 1",
    ]  # 万元 in 元, rounded to the 28 digits of decimal arithmetic


def test_a_run_that_breaks_leaves_what_stood_before(tmp_path: Path) -> None:
    _write(tmp_path, "csv", _mined())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    with pytest.raises(KeyboardInterrupt), Results(tmp_path, FORMATS["csv"]) as results:
        results.write(frames(_mined(doc_id="f" * 12)))
        raise KeyboardInterrupt
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


@pytest.mark.parametrize("text", ["a\r\nb\rc\n", "\ufeffkept", "万元\u2028\x85\x00", ""])
def test_texts_are_the_frozen_text_to_the_byte(tmp_path: Path, text: str) -> None:
    with Results(tmp_path, FORMATS["csv"]) as results:
        write_text(results.folder, "0" * 12, text)
    assert (tmp_path / "texts" / "000000000000.txt").read_bytes() == text.encode()


def test_a_lone_surrogate_keeps_its_place(tmp_path: Path) -> None:
    with Results(tmp_path, FORMATS["csv"]) as results:
        write_text(results.folder, "0" * 12, "a\ud800b")
    assert (tmp_path / "texts" / "000000000000.txt").read_text("utf-8") == "a\ufffdb"


def test_data_frames_keep_decimals_and_missing_integers(tmp_path: Path) -> None:
    _write(tmp_path, "csv", _mined())
    for tables in (to_pandas(_mined()), to_pandas(tmp_path)):
        amounts = tables["amounts"]
        assert list(amounts.columns) == list(TABLES["amounts"].names)
        assert amounts["yuan"].tolist() == [Decimal(1818300), Decimal(0), Decimal(0)]
        assert str(amounts["row"].dtype) == "Int64" and amounts["row"].isna().all()
        assert tables["goals"].empty and list(tables["goals"].columns) == list(TABLES["goals"].names)
