"""Disclosures of invented departments with known truth, as many as wanted, each made from a seed number.

`generate.py --count N --seed S --out DIR` writes DIR/<name>.txt and DIR/gold/*.csv for the seeds S … S+N-1.
Texts are built in the tag language of annotate.py, so every offset of the truth is that of its tag.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from annotate import TABLES, _write, parse

Rows = dict[str, list[dict[str, str]]]

# Canonical type of an office; its fields of work; what it counts.
KINDS = (
    ("水利局", "河道管护 灌区改造 水库防汛 水土保持 农村供水", "疏浚河道/公里 巡查水库/座次 新装水表/套"),
    ("教育局", "学前教育 校园安全 教师培训 学籍管理 特殊教育", "培训教师/人次 维修校舍/平方米 资助学生/人"),
    ("审计局", "财政审计 投资审计 经责审计 审计整改 企业审计", "完成审计项目/个 报送审计信息/篇 抽查单位/家"),
    ("公安局", "治安防控 交通秩序 禁毒工作 户籍管理 反诈宣传", "组织清查行动/次 培训民警/人次 更新设备/台"),
    ("民政局", "社会救助 养老服务 地名管理 殡葬服务 儿童福利", "新增床位/张 探访老人/人次 评估社会组织/家"),
    ("司法局", "行政复议 社区矫正 法律援助 人民调解 公证管理", "办理援助案件/件 举办普法讲座/场 走访对象/人次"),
    ("交通运输局", "公路养护 客运市场 港航管理 路政执法 站场建设", "养护公路/公里 联合执法/次 新增公交/辆"),
    ("农业农村局", "种业发展 动物防疫 农机监理 渔业管理 耕地保护", "推广良种/亩 抽检产品/批次 培训农户/户次"),
    ("生态环境局", "大气治理 水质监测 固废监管 排污管理 辐射安全", "检查企业/家次 监测断面/个 运维站点/座"),
    ("卫生健康委员会", "疾病防控 妇幼保健 基层医疗 中医药 卫生监督", "体检老人/人次 培训医师/人 建设示范村/个"),
    ("统计局", "人口抽样 经济核算 价格调查 统计执法 普查工作", "培训统计员/人次 发布分析/篇 核查单位/家"),
    ("应急管理局", "安全生产 森林防火 防灾减灾 危化监管 物资储备", "检查企业/家次 组织演练/场 配发装备/套"),
    ("文化和旅游局", "文物保护 公共文化 旅游推广 演出市场 非遗传承", "举办演出/场 新增藏书/册 巡查场所/家次"),
)
SYLLABLES = "岚沛屿柳鹭赤云蘅嵐澄岫珞楚漱栖棠砚汀渚葭翎峤澧沣洙"
NUMBERS = "一二三四五六七八九十"
VERBS = (
    "负责{}并组织实施。",
    "拟订{}规划和标准，指导{}工作。",
    "监督检查{}，依法查处违法行为。",
    "牵头{}，协调有关部门落实责任。",
)
CODES = {
    "数量指标": "O.qty",
    "质量指标": "O.qual",
    "时效指标": "O.time",
    "成本指标": "C.econ",
    "服务对象满意度指标": "S",
}


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A made document: its file name without suffix, its text, and what must come out of it by table."""

    name: str
    text: str
    truth: Rows


@dataclass(frozen=True, slots=True)
class _Office:
    """Who speaks, and how the document is laid out."""

    rng: random.Random
    place: str
    kind: str
    fields: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]
    year: int


def generate(seed: int) -> Disclosure:
    """The disclosure of a seed number; the same one whenever it is asked for."""
    rng = random.Random(seed)
    kind, fields, counted = rng.choice(KINDS)
    place = "".join(rng.sample(SYLLABLES, 2)) + rng.choice("县区市")
    counts = tuple((name, unit) for name, _, unit in (item.partition("/") for item in counted.split()))
    office = _Office(rng, place, kind, tuple(fields.split()), counts, rng.randint(2018, 2025))
    indicators: list[dict[str, str]] = []
    tagged = "\n".join(
        (
            f"{place}{kind}{office.year}年部门预算公开说明",
            "一、部门职责",
            _duties(office),
            "二、收入预算情况",
            *_money(office),
            "七、总体绩效目标",
            _goals(office),
            "八、部门整体支出绩效指标表",
            _table(office, indicators),
            "九、名词解释",
            "基本支出：为保障机构正常运转而发生的支出。",
            "",
        )
    )
    text, marks = parse(tagged)
    name = f"g{seed:06}"
    truth: Rows = {"indicators": [{"doc": name} | row for row in indicators]}
    for mark in marks:
        row = {"doc": name, "start": str(mark.start), "end": str(mark.end), "text": text[mark.start : mark.end]}
        truth.setdefault(TABLES[mark.kind], []).append(row | mark.fields)
    return Disclosure(name, text, truth)


def _duties(office: _Office) -> str:
    style = office.rng.choice(("（{n}）", "{d}.", "{d}、", "（{d}）", "({n})、"))
    lines = []
    for number, field in enumerate(office.fields, 1):
        marker = style.format(n=NUMBERS[number - 1], d=number)
        lines.append(f"{marker}⟦c {number}⟧{office.rng.choice(VERBS).format(field, field)}⟦/c⟧")
    number = len(lines) + 1
    last = f"{style.format(n=NUMBERS[number - 1], d=number)}⟦c {number}⟧完成上级交办的其他任务。⟦/c⟧"
    joint = "" if office.rng.random() < 0.3 else "\n"
    return joint.join([*lines, last])


def _sum(office: _Office, hundredths: int, role: str, year: str = "", sign: str = "") -> str:
    """A tagged sum of hundredths of 万元."""
    value = Decimal(hundredths) / 100
    shown = f"{value:,.2f}" if office.rng.random() < 0.3 else f"{value:.2f}"
    return f"⟦a {value:.2f} 万元 {role} {year or office.year} {sign}⟧{shown}万元⟦/a⟧"


def _money(office: _Office) -> list[str]:
    """Prose whose sums add up: income, expenditure, change, 三公, assets."""
    rng, year = office.rng, office.year
    personnel, running, projects = rng.randint(9_000, 90_000), rng.randint(500, 9_000), rng.randint(1_000, 99_000)
    basic = personnel + running
    total = basic + projects
    up_basic, up_project = rng.randint(1, 900), rng.randint(1, 900)
    span, car, guest = f"{year}-{year - 1}", rng.randint(0, 900), rng.randint(0, 300)

    def show(value: int, role: str, period: str = "", sign: str = "") -> str:
        return _sum(office, value, role, period, sign)

    return [
        f"{year}年收入预算{show(total, 'income_total')}，其中：一般公共预算拨款收入{show(total, 'income_general')}，"
        f"政府性基金预算拨款收入{show(0, 'income_fund')}。",
        "三、支出预算情况",
        f"{year}年支出预算{show(total, 'expenditure_total')}，其中：基本支出{show(basic, 'expenditure_basic')}"
        f"（人员经费{show(personnel, 'expenditure_personnel')}，公用经费{show(running, 'expenditure_operating')}），"
        f"项目支出{show(projects, 'expenditure_project')}。",
        "四、收支增减变化情况",
        f"收支预算较{year - 1}年增加{show(up_basic + up_project, 'change_total', span, '+')}，其中：基本支出增加"
        f"{show(up_basic, 'change_basic', span, '+')}，项目支出增加{show(up_project, 'change_project', span, '+')}。",
        "五、“三公”经费预算情况",
        f"{year}年“三公”经费预算{show(car + guest, 'three_public_total')}，其中：公务用车购置及运行维护费"
        f"{show(car, 'three_public_vehicle')}，公务接待费{show(guest, 'three_public_reception')}。",
        "六、国有资产占用情况",
        f"截至{year - 1}年12月31日，固定资产总额{show(total * 2, 'assets_total', str(year - 1))}，"
        "单价⟦t >= 50 - 万元 condition⟧50万元以上⟦/t⟧的设备2台。",
    ]


def _goals(office: _Office) -> str:
    rng = office.rng
    name, unit = rng.choice(office.counts)
    count, share = rng.randint(3, 900), rng.randint(80, 99)
    bound = f"⟦t >= {count} - {unit} word⟧不少于{count}{unit}⟦/t⟧"
    rate = f"⟦t >= {share} - % word⟧{share}%以上⟦/t⟧"
    return f"⟦g overall -⟧围绕{office.fields[0]}补齐短板，全年{name}{bound}，任务完成率达到{rate}，群众更加满意。⟦/g⟧"


def _rows(office: _Office) -> list[tuple[str, str, str, str, int, str]]:
    """Class, name, sign, comparator, number and unit of each indicator."""
    rng = office.rng
    counted = rng.sample(office.counts, 2)
    rows = [("产出指标", "数量指标", name, "≥", rng.randint(3, 900), unit) for name, unit in counted]
    topic = office.fields[1]
    return [
        *rows,
        ("产出指标", "质量指标", f"{topic}合格率", rng.choice("≥="), rng.randint(80, 99), "%"),
        ("产出指标", "时效指标", f"{topic}办结时间", "≤", rng.randint(2, 60), rng.choice(("天", "小时", "个工作日"))),
        ("产出指标", "成本指标", f"{topic}支出总额", "≤", rng.randint(20, 900), "万元"),
        ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥", rng.randint(80, 99), "%"),
    ]


def _table(office: _Office, indicators: list[dict[str, str]]) -> str:
    """An indicator table in one of five layouts; what it must give is added to `indicators`."""
    layout = office.rng.choice(("cells", "tabs", "pipes", "spaces", "split"))
    header = ["一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据"]
    if layout == "split":
        header[3:4] = ["指标性质", "指标值", "度量单位"]
    rows = [header]
    for level1, level2, name, sign, number, unit in _rows(office):
        kind = "split" if layout == "split" else "exact" if sign == "=" else "symbol"
        comparator = {"≥": ">=", "≤": "<=", "=": "="}[sign]
        low, high = (number if comparator != "<=" else "-"), (number if comparator != ">=" else "-")
        money = unit == "万元"
        digits = f"⟦a {number} 万元 indicator_value {office.year}⟧{number}" if money else str(number)
        opening = f"⟦t {comparator} {low} {high} {unit} {kind}⟧{sign}"
        if layout == "split":
            value = [opening, f"{digits}{'⟦/a⟧' if money else ''}", f"{unit}⟦/t⟧"]
        else:
            value = [f"{opening}{digits}{unit}{'⟦/a⟧' if money else ''}⟦/t⟧"]
        rows.append([level1, level2, name, *value, "年初计划"])
        bounds = {"low": str(low).strip("-"), "high": str(high).strip("-")}
        indicators.append(
            {"source": "table", "level1": level1, "level2": level2, "name": name, "class_code": CODES[level2]}
            | {"comparator": comparator, "unit": unit, "value_text": f"{sign}{number}{unit}", "basis": "年初计划"}
            | bounds
        )
    return _laid_out(rows, layout)


def _laid_out(rows: list[list[str]], layout: str) -> str:
    if layout == "cells":
        return "\n".join("".join(f"\t{cell}\n" for cell in row) for row in rows)
    if layout == "tabs":
        return "\n".join("\t".join(row) for row in rows) + "\n"
    if layout in ("pipes", "split"):
        return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"
    return "\n".join(" ".join(row) for row in rows) + "\n"


def main() -> int:
    """Write documents and their truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    tables: Rows = {}
    for seed in range(options.seed, options.seed + options.count):
        made = generate(seed)
        (options.out / f"{made.name}.txt").write_text(made.text, encoding="utf-8")
        for table, rows in made.truth.items():
            tables.setdefault(table, []).extend(rows)
    for table, rows in tables.items():
        _write(options.out / "gold" / f"{table}.csv", rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
