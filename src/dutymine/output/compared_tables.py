"""The tables that `compare` writes, column by column."""

from __future__ import annotations

from dutymine.output.columns import CODE, DECIMAL, DOC, FINGERPRINT, INT, TEXT, Column, TableSchema

_TEMPLATE = Column("template_id", CODE, "范本编号", "the family of clauses; empty where one department alone has it")
_CLAUSE = Column("clause_id", CODE, "职责编号", "the duty clause")
_TYPE = Column("department_type", TEXT, "部门类型", "canonical type of the department")
_COUNTY = Column("county", TEXT, "县区", "county or district")
_YEAR = Column("fiscal_year", INT, "年度", "year")
_TEXTUAL = Column("relation_text", CODE, "文字关系", "how near the wording is", "relation_text")
_SIMILARITY = Column("similarity", DECIMAL, "相似度", "similarity of the normalised texts, 0 to 1")
_MESSAGE = Column("message", TEXT, "说明", "in Chinese")

TEMPLATES = TableSchema(
    "templates",
    "范本",
    "one row a family of clauses",
    (
        _TEMPLATE,
        _TYPE,
        Column("functions", CODE, "职能", "function codes, best first, joined by |", "function"),
        Column("text", TEXT, "范本文字", "consensus wording, jurisdiction words as slots ({本级})"),
        Column("members", INT, "条数", "clauses in the family"),
        Column("departments", INT, "部门数", "departments they come from"),
        Column("jurisdictions", INT, "地区数", "places they come from"),
    ),
    compare=True,
)

MEMBERS = TableSchema(
    "members",
    "范本成员",
    "one row a clause of a family",
    (_TEMPLATE, DOC, _CLAUSE, _SIMILARITY, _TEXTUAL),
    compare=True,
)

DEVIATIONS = TableSchema(
    "deviations",
    "偏离",
    "one row what a clause has, lacks or changes against its template",
    (
        _TEMPLATE,
        DOC,
        _CLAUSE,
        Column("kind", CODE, "种类", "kind of deviation", "deviation"),
        Column("slot", CODE, "要素", "part of the clause that deviates", "slot"),
        Column("own", TEXT, "本文", "the clause's own words"),
        Column("reference", TEXT, "范本", "words of the template"),
        Column("support", DECIMAL, "支持率", "share of members that carry the reference wording, 0 to 1"),
        Column("severity", CODE, "程度", "how certain and grave", "severity"),
        _MESSAGE,
        Column("own_start", INT, "起", "first code point of `own` in the document's text"),
        Column("own_end", INT, "止", "code point behind `own`"),
        FINGERPRINT,
    ),
    compare=True,
)

PAIRS = TableSchema(
    "pairs",
    "职责关系",
    "one row a relation between clauses of two departments",
    (
        Column("left_doc", CODE, "左文件", "document of the left clause"),
        Column("left_clause", CODE, "左职责", "the left clause"),
        Column("right_doc", CODE, "右文件", "document of the right clause"),
        Column("right_clause", CODE, "右职责", "the right clause"),
        Column("context", CODE, "情境", "how the two departments stand to each other", "context"),
        _TEXTUAL,
        Column("relation", CODE, "实质关系", "what the relation is, several joined by |", "relation"),
        Column(
            *("similarity", DECIMAL, "相似度"),
            "of the normalised texts, 0 to 1; in one place how much two duties meet (thing, act, wording): the rank",
        ),
        Column("shared_object", TEXT, "共同对象", "object both act on"),
        Column("left_acts", CODE, "左行为", "acts of the left clause, joined by |", "act"),
        Column("right_acts", CODE, "右行为", "acts of the right clause, joined by |", "act"),
        _MESSAGE,
        FINGERPRINT,
    ),
    compare=True,
)

ISOMORPHISM = TableSchema(
    "isomorphism",
    "职责同构",
    "one row a department type and level: how alike their duties are",
    (
        _TYPE,
        Column("level", CODE, "层级", "level of government", "level"),
        Column("documents", INT, "文件数", "documents compared"),
        Column("clauses", INT, "条数", "clauses compared"),
        Column("mean_similarity", DECIMAL, "平均相似度", "mean pairwise similarity, 0 to 1"),
        Column("identical_share", DECIMAL, "相同比例", "share of clauses equal after normalisation, 0 to 1"),
        Column("ci_low", DECIMAL, "区间下限", "lower bound of the 95 % interval of the mean"),
        Column("ci_high", DECIMAL, "区间上限", "upper bound of the 95 % interval of the mean"),
    ),
    compare=True,
)

BENCHMARKS = TableSchema(
    "benchmarks",
    "指标对标",
    "one row an indicator of a family across departments",
    (
        Column("family", TEXT, "指标族", "name of the family"),
        Column("department", TEXT, "部门", "department in full"),
        _TYPE,
        _COUNTY,
        _YEAR,
        Column("name", TEXT, "指标", "name as written"),
        Column("comparator", CODE, "比较符", "how the value is bounded", "comparator"),
        Column("low", DECIMAL, "下限", "lower bound in `unit`"),
        Column("high", DECIMAL, "上限", "upper bound in `unit`"),
        Column("unit", TEXT, "单位", "unit of the target"),
        Column("rank", INT, "名次", "place in the family, 1 is the most ambitious"),
        Column("members", INT, "族内指标数", "indicators in the family"),
        DOC,
        Column("indicator_id", CODE, "指标编号", "the indicator"),
    ),
    compare=True,
)

COVERAGE = TableSchema(
    "coverage",
    "职责落实",
    "one row a function: duties with goals, indicators and money",
    (
        _TYPE,
        _COUNTY,
        _YEAR,
        Column("function", CODE, "职能", "function code", "function"),
        Column("clauses", INT, "条数", "duty clauses"),
        Column("with_goal", INT, "有目标", "clauses with a goal"),
        Column("with_indicator", INT, "有指标", "clauses with an indicator"),
        Column("with_money", INT, "有资金", "clauses with money"),
        Column(
            "money_mapped", DECIMAL, "已对应资金（元）", "money mapped to these clauses, in 元; shared among functions"
        ),
        Column(
            "money_total",
            DECIMAL,
            "全部资金（元）",
            "money of the projects concerned, in 元; where no function stands, of projects without a duty",
        ),
        Column("province", TEXT, "省份", "province"),
        Column("city", TEXT, "城市", "city"),
    ),
    compare=True,
)

DRIFT = TableSchema(
    "drift",
    "年度变化",
    "one row a change of one department from one year to the next",
    (
        Column("department", TEXT, "部门", "department in full"),
        Column("from_doc", CODE, "前一文件", "document of the earlier year"),
        Column("to_doc", CODE, "后一文件", "document of the later year"),
        Column("from_year", INT, "前一年度", "earlier year"),
        Column("to_year", INT, "后一年度", "later year"),
        Column("kind", CODE, "种类", "what changed", "drift"),
        Column("item", TEXT, "事项", "what it is about"),
        Column("old", TEXT, "原值", "as the earlier document has it"),
        Column("new", TEXT, "新值", "as the later document has it"),
        _MESSAGE,
    ),
    compare=True,
)

COMPARED = (TEMPLATES, MEMBERS, DEVIATIONS, PAIRS, ISOMORPHISM, BENCHMARKS, COVERAGE, DRIFT)
