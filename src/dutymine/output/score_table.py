"""The table that `score` writes: points of indicators by the documents' own scoring rules."""

from __future__ import annotations

from dutymine.output.columns import CODE, DECIMAL, DOC, TEXT, Column, TableSchema

SCORES = TableSchema(
    "scores",
    "得分",
    "one row an actual value: its points by the document's own scoring rule",
    (
        DOC,
        Column(
            "indicator_id", CODE, "指标编号", "the indicator; empty where none or several fit the row of actual values"
        ),
        Column("project", TEXT, "项目", "project as the document names it"),
        Column("name", TEXT, "指标", "indicator as the document names it"),
        Column("value_text", TEXT, "指标值", "the target as written"),
        Column("scoring_rule", TEXT, "评分标准", "the scoring rule as written"),
        Column("actual", TEXT, "实际值", "the actual value as given"),
        Column("points", DECIMAL, "分值", "points the indicator can earn"),
        Column("score", DECIMAL, "得分", "points earned; empty where the rule cannot be computed"),
        Column("computation", TEXT, "算式", "the computation, or why there is none"),
    ),
)
