"""The tables that `extract` writes, column by column."""

from __future__ import annotations

from dutymine.output.columns import (
    BEHIND,
    BOOL,
    CODE,
    DECIMAL,
    DOC,
    FINGERPRINT,
    INT,
    PAGE,
    PLACE,
    SPAN,
    TEXT,
    Column,
    TableSchema,
)

_SECTION = Column("section_id", CODE, "章节编号", "innermost section it stands in; empty outside all")
_TABLE = Column("table_id", CODE, "表格编号", "table it stands in; empty in prose")
_ROW = Column("row", INT, "表行", "row of that table, from 0")
_COLUMN = Column("column", INT, "表列", "column of that table, from 0")
_COMPARATOR = Column("comparator", CODE, "比较符", "how the value is bounded", "comparator")
_LOW = Column("low", DECIMAL, "下限", "lower bound in `unit`; empty where there is none")
_HIGH = Column("high", DECIMAL, "上限", "upper bound in `unit`; empty where there is none")
_SOURCE = Column("source", CODE, "出处", "where it was found", "source")
_CLAUSE = Column("clause_id", CODE, "职责编号", "the duty clause")
_INDICATOR = Column("indicator_id", CODE, "指标编号", "the indicator")

DOCUMENTS = TableSchema(
    "documents",
    "文件",
    "one row a file that could be opened",
    (
        DOC,
        Column("path", TEXT, "路径", "path as given, with /"),
        Column("sha256", CODE, "校验值", "sha256 of the file's bytes, hex"),
        Column("format", CODE, "格式", "what the bytes are (text, html, docx …), by signature and not by suffix"),
        Column("encoding", CODE, "编码", "encoding a text was decoded with"),
        Column("title", TEXT, "标题", "title as written"),
        Column("department", TEXT, "部门", "department as the document names itself, in full"),
        Column("department_type", TEXT, "部门类型", "canonical type (网信办, 公安局 …)"),
        Column("level", CODE, "层级", "level of government", "level"),
        Column("province", TEXT, "省", "province, as stated or from --metadata"),
        Column("city", TEXT, "市", "city, as stated or from --metadata"),
        Column("county", TEXT, "县区", "county or district, as stated or from --metadata"),
        Column("fiscal_year", INT, "年度", "year the document speaks for"),
        Column("kind", CODE, "种类", "kind of disclosure", "document_kind"),
        Column("chars", INT, "字数", "code points of the frozen text"),
        Column("status", CODE, "状态", "how far it could be mined", "status"),
        Column("division_code", TEXT, "行政区划代码", "code of the division, from --metadata or the document"),
        Column("source_url", TEXT, "来源网址", "where it was published, from --metadata"),
        Column("published_at", TEXT, "发布时间", "when it was published, from --metadata, as given there"),
        Column("retrieved_at", TEXT, "采集时间", "when it was fetched, from --metadata, as given there"),
        Column("places", TEXT, "页次", "JSON list of [start, page, sheet] where a page or a worksheet begins"),
        Column(
            "division_vintage",
            TEXT,
            "代码年份",
            "year of the list of divisions that `division_code` is from; empty for --metadata",
        ),
        FINGERPRINT,
    ),
)

SECTIONS = TableSchema(
    "sections",
    "章节",
    "one row a headed part of a document; the span runs from its heading to the next of its level",
    (
        DOC,
        Column("section_id", CODE, "章节编号", "the section"),
        Column("parent_id", CODE, "上级章节", "enclosing section; empty at the top"),
        Column("kind", CODE, "种类", "what the section is about", "section_kind"),
        Column("title", TEXT, "标题", "heading without its marker"),
        *PLACE,
        Column("level", INT, "层级", "depth of the heading, 0 at the top"),
        Column("body", INT, "正文起", "code point where the heading ends and the section's own text begins"),
        *BEHIND,
    ),
)

TABLES = TableSchema(
    "tables",
    "表格",
    "one row a table of a document, as rebuilt",
    (
        DOC,
        Column("table_id", CODE, "表格编号", "the table"),
        _SECTION,
        Column("caption", TEXT, "表名", "caption as written"),
        Column("unit", TEXT, "单位", "unit that caption or header give to its numbers"),
        Column("rows", INT, "行数", "number of rows"),
        Column("columns", INT, "列数", "number of columns"),
        *PLACE,
        *PAGE,
    ),
)

CELLS = TableSchema(
    "cells",
    "单元格",
    "one row a cell; a merged cell stands once, at its origin",
    (
        DOC,
        _TABLE,
        _ROW,
        _COLUMN,
        Column("rowspan", INT, "跨行", "rows it covers, 1 unless merged"),
        Column("colspan", INT, "跨列", "columns it covers, 1 unless merged"),
        Column("is_header", BOOL, "表头", "true for a header cell"),
        Column("text", TEXT, "内容", "text of the cell as quoted"),
        *PLACE,
    ),
)

CLAUSES = TableSchema(
    "clauses",
    "职责",
    "one row a duty clause",
    (
        DOC,
        _CLAUSE,
        Column("ordinal", INT, "序", "place among the clauses of the document, from 1"),
        Column("marker", TEXT, "标号", "marker as written: （一） 1."),
        Column("number", INT, "号", "value of the marker; empty when the source lost it"),
        Column("text", TEXT, "职责内容", "the clause without its marker and without page numbers that fell into it"),
        *PLACE,
        Column("functions", CODE, "职能", "function codes, best first, joined by |, at most 3", "function"),
        Column("acts", CODE, "行为", "act codes, best first, joined by |", "act"),
        Column("role", CODE, "角色", "role of the clause's strongest power", "role"),
        Column("function_scores", CODE, "职能概率", "probabilities in the order of `functions`, joined by |"),
        Column("needs_review", BOOL, "需复核", "true where the classifier is not sure"),
        Column(
            "rows", CODE, "所在行", "<table_id>/<row> of every row of a responsibility list that states it, joined by |"
        ),
        Column("act_scores", CODE, "行为概率", "probabilities in the order of `acts`, joined by |"),
        Column("role_score", DECIMAL, "角色概率", "probability of `role`"),
        *BEHIND,
    ),
)

POWERS = TableSchema(
    "powers",
    "权力",
    "one row an act on an object inside a clause",
    (
        DOC,
        _CLAUSE,
        Column("power_id", CODE, "权力编号", "the power"),
        Column("act", TEXT, "行为词", "act as written: 审批"),
        Column("act_code", CODE, "行为", "kind of act", "act"),
        Column(
            "strength",
            INT,
            "强度",
            "5 decides, 4 leads or owns, 3 performs, 2 steers, 1 takes part, 0 residual",
        ),
        Column("role", CODE, "角色", "part the department takes in this power", "role"),
        Column("object", TEXT, "对象", "what is acted on"),
        Column("scope", TEXT, "范围", "where or for whom: 全区, 各乡镇"),
        Column("actors", TEXT, "主体", "other bodies that act, as written"),
        Column("basis", TEXT, "依据", "condition on the power: 依法, 按权限"),
        Column("text", TEXT, "原文", "text as quoted"),
        *SPAN,
        *BEHIND,
    ),
)

GOALS = TableSchema(
    "goals",
    "绩效目标",
    "one row a performance goal",
    (
        DOC,
        Column("goal_id", CODE, "目标编号", "the goal"),
        Column("level", CODE, "层次", "where in the goal tree it stands", "goal_level"),
        Column("project", TEXT, "项目", "project it belongs to"),
        Column("number", INT, "号", "value of its marker; empty where it has none"),
        Column("title", TEXT, "标题", "title as written"),
        Column("text", TEXT, "目标内容", "the goal without its marker"),
        *PLACE,
        *BEHIND,
    ),
)

AMOUNTS = TableSchema(
    "amounts",
    "金额",
    "one row a mention of a sum of money, zeros included",
    (
        DOC,
        Column("amount_id", CODE, "金额编号", "the sum"),
        Column("text", TEXT, "原文", "text as quoted"),
        Column("value", DECIMAL, "数值", "number as written, in `unit`"),
        Column("unit", TEXT, "单位", "元, 万元 or 亿元, also where caption or header carry it"),
        Column("yuan", DECIMAL, "金额（元）", "the value in 元"),
        Column("role", CODE, "用途", "what the sum is in the budget", "amount_role"),
        Column("role_label", TEXT, "用途原文", "words of the document for it"),
        Column("period", CODE, "期间", "year, or `2022-2021` for a change from 2021 to 2022"),
        Column("direction", CODE, "增减", "whether a change goes up or down", "direction"),
        Column("fund", TEXT, "资金", "fund it comes from"),
        _SOURCE,
        _TABLE,
        _ROW,
        _COLUMN,
        *PLACE,
        _SECTION,
        Column("subject_code", TEXT, "科目编码", "budget subject code where the document gives one (2013301)"),
        *BEHIND,
    ),
)

THRESHOLDS = TableSchema(
    "thresholds",
    "目标值",
    "one row a target or limit",
    (
        DOC,
        Column("threshold_id", CODE, "目标值编号", "the target"),
        Column("text", TEXT, "原文", "text as quoted; a target split over cells covers them all"),
        _COMPARATOR,
        _LOW,
        _HIGH,
        Column("low_inclusive", BOOL, "含下限", "true where the lower bound itself is allowed; empty without one"),
        Column("high_inclusive", BOOL, "含上限", "true where the upper bound itself is allowed; empty without one"),
        Column("unit", TEXT, "单位", "unit as written, 万 and 亿 folded into the number where it is not money"),
        Column("frequency", TEXT, "频次", "每年, 每月 …, where stated"),
        _INDICATOR,
        Column("subject", TEXT, "对象", "what is measured"),
        Column("kind", CODE, "写法", "how the target is written", "threshold_kind"),
        *PLACE,
        _SECTION,
        *BEHIND,
    ),
)

INDICATORS = TableSchema(
    "indicators",
    "绩效指标",
    "one row a performance indicator",
    (
        DOC,
        _INDICATOR,
        _TABLE,
        Column("project", TEXT, "项目", "project it belongs to; empty for the whole department"),
        Column("level1", TEXT, "一级指标", "first level as written, merged cells filled down"),
        Column("level2", TEXT, "二级指标", "second level as written, merged cells filled down"),
        Column("name", TEXT, "三级指标", "name as written"),
        Column("class_code", CODE, "指标类别", "canonical class", "class_code"),
        Column("description", TEXT, "指标描述", "description or formula as written"),
        _COMPARATOR,
        _LOW,
        _HIGH,
        Column("unit", TEXT, "单位", "unit of the target"),
        Column("value_text", TEXT, "指标值", "value as written: ≥90个, 改善"),
        Column("period", TEXT, "期间", "period the target stands for, where stated"),
        Column("points", DECIMAL, "分值", "points it is worth"),
        Column("scoring_rule", TEXT, "评（扣）分标准", "scoring rule as written"),
        Column("basis", TEXT, "确定依据", "basis as written"),
        _SOURCE,
        *PLACE,
        _ROW,
        Column("value_start", INT, "指标值起", "first code point of the value"),
        Column("value_end", INT, "指标值止", "code point behind the value"),
        *BEHIND,
    ),
)

INSTITUTIONS = TableSchema(
    "institutions",
    "机构",
    "one row an organisation of the department",
    (
        DOC,
        Column("name", TEXT, "单位名称", "name as written"),
        Column("nature", TEXT, "单位性质", "kind of organisation as written"),
        Column("rank", TEXT, "单位规格", "rank as written"),
        Column("funding", TEXT, "经费形式", "how it is paid for, as written"),
        *PLACE,
        *BEHIND,
    ),
)

PROCUREMENT = TableSchema(
    "procurement",
    "政府采购",
    "one row a purchase line",
    (
        DOC,
        _TABLE,
        _ROW,
        Column("source_of_funds", TEXT, "资金来源", "project or fund that pays"),
        Column("item", TEXT, "采购物品", "item as written"),
        Column("code", TEXT, "品目编码", "catalogue code as written"),
        Column("unit", TEXT, "计量单位", "unit of the quantity"),
        Column("quantity", DECIMAL, "数量", "quantity in `unit`"),
        Column("unit_price", DECIMAL, "单价", "price in the table's unit of money"),
        Column("amount", DECIMAL, "金额", "sum in the table's unit of money"),
        *PLACE,
        *BEHIND,
    ),
)

CHECKS = TableSchema(
    "checks",
    "检查",
    "one row a rule and document",
    (
        DOC,
        Column("rule", CODE, "规则", "the rule"),
        Column("outcome", CODE, "结果", "what the check came to", "outcome"),
        Column("computation", TEXT, "算式", "the computation with the document's figures"),
        Column("lines", CODE, "行", "lines it used, joined by |"),
    ),
)

FINDINGS = TableSchema(
    "findings",
    "疑点",
    "one row a suspected defect",
    (
        DOC,
        Column("finding_id", CODE, "疑点编号", "fingerprint that survives re-runs and edits elsewhere in the document"),
        Column("rule", CODE, "规则", "the rule it breaks"),
        Column("severity", CODE, "程度", "how certain and grave", "severity"),
        Column("message", TEXT, "说明", "in Chinese; begins 疑似 unless arithmetic proves it"),
        Column("quote", TEXT, "原文", "the wrong words with their label"),
        Column("suggestion", TEXT, "建议", "what may have been meant"),
        Column("computation", TEXT, "算式", "the computation with the document's figures"),
        *PLACE,
        Column("related", TEXT, "相关原文", "the other place of a conflict, quoted"),
        *BEHIND,
    ),
)

TRACE = TableSchema(
    "trace",
    "追溯",
    "one row a link from duty to money inside one document",
    (
        DOC,
        _CLAUSE,
        Column("goal_id", CODE, "目标编号", "the goal"),
        _INDICATOR,
        Column("amount_id", CODE, "金额编号", "the sum"),
        Column("link", CODE, "关联", "what is linked", "link"),
        Column("score", DECIMAL, "相似度", "strength of the link, 0 to 1"),
        Column("evidence", TEXT, "依据", "words the link rests on"),
    ),
)

REJECTS = TableSchema(
    "rejects",
    "未采纳",
    "one row whatever was seen and not taken",
    (
        Column("path", TEXT, "路径", "path of the file as given"),
        Column("doc_id", CODE, "文件编号", "the document; empty where its bytes were never read"),
        Column("stage", CODE, "步骤", "step that refused it"),
        Column("reason", CODE, "原因", "snake_case code of the reason"),
        Column("detail", TEXT, "说明", "one plain line"),
        *PLACE,
    ),
)

MINED = (
    *(DOCUMENTS, SECTIONS, TABLES, CELLS, CLAUSES, POWERS, GOALS, AMOUNTS, THRESHOLDS, INDICATORS),
    *(INSTITUTIONS, PROCUREMENT, CHECKS, FINDINGS, TRACE, REJECTS),
)
