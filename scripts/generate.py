"""Disclosures of invented departments with known truth, as many as wanted, each made from a seed number.

`generate.py --count N --seed S --out DIR` writes DIR/<name>.txt and DIR/gold/*.csv for the seeds S … S+N-1.
Texts are built in the tag language of annotate.py, so every offset of the truth is that of its tag.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from annotate import TABLES, parse

Rows = dict[str, list[dict[str, str]]]

# Office and its canonical type; fields of work; things it counts, each with a unit; projects.
KINDS = (
    (
        "{p}水利局",
        "水利局",
        "河道管护 灌区改造 水库防汛 水土保持",
        "疏浚渠道长度/公里 巡查水库座次/座次",
        "河道清淤 灌区维修",
    ),
    (
        "{p}教育局",
        "教育局",
        "学前教育 校园安全 教师培训 学籍管理",
        "培训教师人数/人 维修校舍面积/平方米",
        "校舍维修 助学补助",
    ),
    (
        "{p}审计局",
        "审计局",
        "预算执行审计 政府投资审计 经济责任审计 审计整改",
        "完成审计项目数/个 报送审计信息/篇",
        "投资审计 审计信息化",
    ),
    (
        "{p}公安局",
        "公安局",
        "治安防控 交通秩序 禁毒工作 户籍管理",
        "开展集中巡查/次 在岗辅警数量/人",
        "监控运维 装备购置",
    ),
    (
        "{p}民政局",
        "民政局",
        "社会救助 养老服务 地名管理 殡葬服务",
        "新增养老床位/张 救助困难群众/人次",
        "养老设施建设 临时救助",
    ),
    (
        "{p}司法局",
        "司法局",
        "行政复议 社区矫正 法律援助 人民调解",
        "办理援助案件/件 举办普法讲座/场",
        "法律援助 普法宣传",
    ),
    (
        "{p}交通运输局",
        "交通运输局",
        "公路养护 客运市场 港航管理 路政执法",
        "养护公路里程/公里 联合执法行动/次",
        "公路大中修 公交补贴",
    ),
    (
        "{p}农业农村局",
        "农业农村局",
        "种业发展 动物防疫 农机监理 渔业管理",
        "推广良种面积/亩 抽检农产品批次/批次",
        "耕地保护 疫病防控",
    ),
    (
        "{p}生态环境局",
        "生态环境局",
        "大气治理 水质监测 固废监管 排污许可",
        "治理排污企业/家 监测断面数量/个",
        "水站运维 执法监测",
    ),
    (
        "{p}市场监督管理局",
        "市场监督管理局",
        "食品安全 特种设备 计量检定 价格秩序",
        "抽检食品批次/批次 检查经营主体/户",
        "食品抽检 检验扩项",
    ),
    (
        "{p}退役军人事务局",
        "退役军人事务局",
        "优抚褒扬 军休服务 就业创业 双拥共建",
        "走访慰问户数/户 组织适应培训/期",
        "优抚补助 烈士陵园维护",
    ),
    (
        "{p}文化广电和旅游局",
        "文化广电和旅游局",
        "文物保护 文化市场 公共文化 旅游推广",
        "举办惠民演出/场 新增馆藏图书/册",
        "场馆开放 文物修缮",
    ),
    (
        "{p}应急管理局",
        "应急管理局",
        "安全生产 森林防火 防灾减灾 危化监管",
        "检查企业家次/家次 组织应急演练/次",
        "应急救援 隐患治理",
    ),
    (
        "{p}统计局",
        "统计局",
        "人口抽样 经济核算 价格调查 统计执法",
        "培训统计人员/人次 发布统计报告/份",
        "经济普查 住户调查",
    ),
    (
        "中共{p}委宣传部",
        "宣传部",
        "理论学习 新闻出版 舆论引导 文明创建",
        "开展宣讲活动/场次 刊发重点稿件/篇",
        "文明创建 理论宣讲",
    ),
    (
        "{p}{t}镇人民政府",
        "乡镇人民政府",
        "村镇建设 矛盾调解 便民服务 环境整治",
        "调解纠纷件数/件 养护道路里程/公里",
        "道路养护 环境整治",
    ),
)
SYLLABLES = [
    "澜",
    "岚",
    "沅",
    "梧",
    "榆",
    "青",
    "霞",
    "屿",
    "鹭",
    "岫",
    "珞",
    "蘅",
    "漱",
    "栖",
    "棠",
    "砚",
    "汀",
    "渚",
    "葭",
    "翎",
    "峤",
    "澄",
]
CLAUSES = (
    "拟订全{u}{a}规划和年度计划，经批准后组织实施。", "负责{a}的监督管理，依法查处违法违规行为。",
    "指导基层开展{a}工作，会同有关部门做好{b}的衔接。", "牵头建立{a}协调机制，督促落实各项任务。",
    "承担{a}的审批和备案，并对{b}进行日常检查。", "参与{a}标准的起草，配合上级部门开展{b}评估。",
    "组织{a}宣传教育，推进{b}信息化建设。", "受理涉及{a}的投诉举报，协调处理有关争议。",
    "管理{a}专项经费，编报部门预决算草案。", "统筹推进{a}改革，制定{b}扶持措施并监督落实。",
    "开展{a}统计监测和风险研判，及时发布有关信息。", "审核{a}项目，其中总投资{limit}的项目报{u}政府批准。",
)  # fmt: skip
CHINESE = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五"]
MARKERS: tuple[Callable[[int], str], ...] = (
    lambda n: f"（{CHINESE[n - 1]}）", lambda n: f"({CHINESE[n - 1]})", lambda n: f"{n}.", lambda n: f"{n}、",
    lambda n: f"{n}．", lambda n: "".join(chr(ord(d) + 0xFEE0) for d in str(n)) + "、", lambda n: f"{n:02d} ",
)  # fmt: skip
CODES = {"数量": "O.qty", "质量": "O.qual", "时效": "O.time", "成本": "C.econ", "经济效益": "B.econ",
         "社会效益": "B.soc", "生态效益": "B.eco", "可持续影响": "B.sus", "服务对象满意度": "S"}  # fmt: skip
SIGNS = {">=": ("≥", "≧"), "<=": ("≤", "≦"), ">": ("＞", ">"), "<": ("＜", "<"), "=": ("=", "＝")}
WORDS = {
    ">=": ("不低于{}", "不少于{}", "{}以上", "{}及以上", "至少{}"),
    "<=": ("不超过{}", "{}以内", "{}以下", "不高于{}"),
}
FLAT, PIPES, ROWS, CELLS = "flat", "pipes", "rows", "cells"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One invented document and all that is true of it."""

    name: str
    text: str
    truth: Rows


@dataclass(frozen=True, slots=True)
class Target:
    """The value of an indicator: its cells with tags (sign, number, unit), as written, and what it means."""

    cells: tuple[str, str, str]
    joined: str
    written: str
    comparator: str
    low: str = ""
    high: str = ""
    unit: str = ""


def generate(seed: int) -> Disclosure:
    """The disclosure of a seed; the same seed gives the same disclosure."""
    return _Maker(seed).make()


def _grid(rows: list[list[str]], layout: str) -> str:
    """Rows of cells in a layout; an empty cell is a merged one."""
    if layout == PIPES:
        return "".join("| " + " | ".join(row) + " |\n" for row in rows)
    if layout == ROWS:
        return "".join("\t".join(row) + "\n" for row in rows)
    if layout == CELLS:
        return "\n".join("".join(f"\t{cell}\n" for cell in row) for row in rows) + "\n"
    return "".join(" ".join(cell for cell in row if cell) + "\n" for row in rows)


class _Maker:
    """All choices of one document, made once, and the parts that are written from them."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.name = f"g{seed:06d}"
        self.year = rng.randint(2018, 2025)
        self.final = rng.random() < 0.35
        self.word = "决算" if self.final else "预算"
        office, self.type, fields, counted, projects = rng.choice(KINDS)
        self.fields, self.counted, self.projects = fields.split(), counted.split(), projects.split()
        self._place(office)
        self.comma = rng.random() < 0.4
        self.money_unit = rng.choice(("万元", "万元", "万元", "元"))
        self.gap = rng.choice(("", "", " "))
        self.indicators: list[dict[str, str]] = []
        self._sums()

    def _place(self, office: str) -> None:
        first, second, third, fourth = ("".join(self.rng.sample(SYLLABLES, 2)) for _ in range(4))
        self.unit = self.rng.choice("县县市区")
        self.county = "" if self.unit == "市" else first + self.unit
        self.city = second + "市" if self.unit != "县" else ""
        self.level = "city" if self.unit == "市" else "county"
        if "{t}" in office:
            self.unit, self.county, self.city, self.level = "县", first + "县", "", "township"
        self.department = office.format(p=self.city + self.county, t=third if third != first else fourth)

    def _split(self, total: int, parts: int) -> list[int]:
        """Random parts, each over zero, that add up to the total."""
        cuts = sorted(self.rng.sample(range(1, total), parts - 1))
        return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]

    def _sums(self) -> None:
        """All sums of money, in hundreds of 元 (0.01 万元), so that they add up exactly."""
        self.total = self.rng.randint(60_000, 4_000_000)
        self.basic, self.project = self._split(self.total, 2)
        self.staff, self.running = self._split(self.basic + 100, 2)
        self.basic = self.staff + self.running
        self.total = self.basic + self.project
        self.items = self._split(self.project + 100, len(self.projects))
        self.project = sum(self.items)
        self.total = self.basic + self.project
        self.income = [*self._split(self.total, 3), 0, 0]
        self.vehicle, self.reception = self._split(self.rng.randint(300, 9000), 2)
        self.bought = self.rng.choice((0, self.vehicle // 3))
        self.grown, self.shrunk = self.rng.randint(1, 40_000), self.rng.randint(1, 20_000)
        self.purchases = self._split(self.rng.randint(500, 90_000), 3)
        self.assets = self._split(self.rng.randint(9000, 900_000), 3)

    def _value(self, hundreds: int, unit: str) -> Decimal:
        return Decimal(hundreds) / 100 if unit == "万元" else Decimal(hundreds * 100)

    def _number(self, hundreds: int, unit: str) -> str:
        value = self._value(hundreds, unit)
        return f"{value:,.2f}" if self.comma or unit == "元" else f"{value:.2f}"

    def _money(self, hundreds: int, role: str = "-", direction: str = "", period: str = "") -> str:
        """A sum in running text, tagged."""
        unit = self.money_unit
        number = self._number(hundreds, unit) if hundreds or self.rng.random() < 0.5 else "0"
        fields = f"{number.replace(',', '')} {unit} {role} {period or self.year} {direction}".strip()
        return f"⟦a {fields}⟧{number}{self.gap}{unit}⟦/a⟧"

    def _change(self, hundreds: int, role: str) -> str:
        """`比上年增加…`, tagged."""
        ago, span = self.year - 1, f"{self.year}-{self.year - 1}"
        before = self.rng.choice(("比上年", f"较{ago}年", "较上年", f"比{ago}年"))
        word, sign = ("增加", "+") if hundreds > 0 else ("减少", "-")
        return f"{before}{word}{self._money(abs(hundreds), role, sign, span)}"

    def make(self) -> Disclosure:
        """The text and its truth, from the tags."""
        headings = iter(CHINESE)
        part = self.rng.choice(("{}、{}\n", "第{}部分 {}\n"))
        sections = [part.format(next(headings), title) + body for title, body in self._sections()]
        page = 0
        if self.rng.random() < 0.4:
            for i in range(2, len(sections), 3):
                page += 1
                sections[i] += f"- {page} -\n"
        text, marks = parse("\n".join([self._opening(), *sections]))
        truth: Rows = {"clauses": [], "amounts": [], "thresholds": []}
        for mark in marks:
            place = {"start": str(mark.start), "end": str(mark.end), "line": str(text.count("\n", 0, mark.start) + 1)}
            quoted = {"doc": self.name} | place | {"text": text[mark.start : mark.end]}
            truth[TABLES[mark.kind]].append(quoted | mark.fields)
        truth["indicators"] = self.indicators
        truth["documents"] = [
            {"doc": self.name, "department": self.department, "department_type": self.type, "level": self.level,
             "province": "", "city": self.city, "county": self.county, "fiscal_year": str(self.year),
             "kind": "final_accounts" if self.final else "budget", "status": "ok"}
        ]  # fmt: skip
        return Disclosure(self.name, text, truth)

    def _opening(self) -> str:
        span = f"{self.year}年{'度' if self.final else ''}部门{self.word}"
        titles = (
            f"{self.department}\n{span}公开说明\n",
            f"{self.department}{span}信息公开\n",
            f"{self.department}{span}\n",
        )
        law = f"根据《中华人民共和国预算法》等规定，现将{self.department}{span}公开如下：\n"
        return self.rng.choice(titles) + "\n" + law

    def _sections(self) -> list[tuple[str, str]]:
        """Titles and bodies, in order."""
        word = self.word
        return [
            (self.rng.choice(("部门职责", "主要职责", "主要职能", "部门主要职责")), self._duties()),
            ("机构设置", f"{self.department}内设办公室、法规科等{self.rng.randint(3, 14)}个科室，无下属单位。\n"),
            (f"收入{word}情况", self._income()),
            (f"支出{word}情况", self._spending() + self._table()),
            (f"收支{word}增减变化情况", self._changes()),
            ("机关运行经费情况", self._agency()),
            (f"“三公”经费{word}情况", self._three()),
            (f"政府采购{word}情况" if not self.final else "政府采购支出情况", self._buying()),
            ("国有资产占用情况", self._holdings()),
            ("预算绩效情况", self._performance()),
            ("名词解释", "1.基本支出：指保障机构正常运转的支出。\n2.项目支出：指完成特定任务的支出。\n"),
        ]

    def _duties(self) -> str:
        """Clauses in one of the numbering styles, or in one paragraph without numbers."""
        rng, count = self.rng, self.rng.randint(6, 12)
        texts = [self._clause(template) for template in rng.sample(CLAUSES, count - 1)]
        superior = "县委、县政府" if self.level == "township" else f"{self.unit}委、{self.unit}政府"
        texts.append(f"完成{superior}交办的其他任务。")
        lead = rng.choice((f"{self.department}的主要职责是：", "主要职责如下：", "主要承担下列职责："))
        if rng.random() < 0.15:
            return lead + "".join(f"⟦c⟧{t[:-1]}{'。' if t is texts[-1] else '；'}⟦/c⟧" for t in texts) + "\n"
        marker, inline = rng.choice(MARKERS), rng.random() < 0.2
        if inline:
            marker = MARKERS[rng.choice((0, 0, 1))]
        indent = rng.choice(("", "", "　　", "    "))
        items = [f"{marker(n)}⟦c {n}⟧{text}⟦/c⟧" for n, text in enumerate(texts, 1)]
        return lead + "".join(items) + "\n" if inline else lead + "\n" + "".join(f"{indent}{item}\n" for item in items)

    def _clause(self, template: str) -> str:
        first, second = self.rng.sample(self.fields, 2)
        low = self.rng.choice((50, 200, 500, 1000))
        limit = f"⟦t >= {low} - 万元 condition⟧{low}万元{self.rng.choice(('以上', '及以上', '（含）以上'))}⟦/t⟧"
        return template.format(a=first, b=second, u=self.unit if self.level != "township" else "镇", limit=limit)

    def _income(self) -> str:
        word = "决算" if self.final else "预算"
        roles = ("income_general", "income_fund", "income_carryover", "income_soe", "income_other")
        labels = ("一般公共预算拨款", "政府性基金预算拨款", "上年结转", "国有资本经营预算拨款", "其他收入")
        parts = [f"{label}{self._money(n, role)}" for label, n, role in zip(labels, self.income, roles, strict=True)]
        stop = self.rng.choice("，；、")
        return f"{self.year}年收入{word}{self._money(self.total, 'income_total')}，其中：{stop.join(parts)}。\n"

    def _spending(self) -> str:
        share = f"，占{Decimal(self.basic * 100) / self.total:.2f}%" if self.rng.random() < 0.5 else ""
        items = "、".join(
            f"{name}项目{self._money(n, 'project_item')}" for name, n in zip(self.projects, self.items, strict=True)
        )
        return (
            f"{self.year}年支出{self.word}{self._money(self.total, 'expenditure_total')}，其中："
            f"基本支出{self._money(self.basic, 'expenditure_basic')}{share}，"
            f"包括人员经费{self._money(self.staff, 'expenditure_personnel')}、"
            f"公用经费{self._money(self.running, 'expenditure_operating')}；"
            f"项目支出{self._money(self.project, 'expenditure_project')}，包括{items}。\n"
        )

    def _table(self) -> str:
        """The table of income and spending, in 万元 or 元 of its own."""
        unit, layout = self.rng.choice(("万元", "元")), self.rng.choice((PIPES, ROWS, CELLS, FLAT))

        def cell(hundreds: int, role: str) -> str:
            number = self._number(hundreds, unit)
            return f"⟦a {number.replace(',', '')} {unit} {role} {self.year}⟧{number}⟦/a⟧"

        general, fund, carried, soe, other = self.income
        this_year = self.total - carried
        rows = [
            ["项目", f"{self.word}数", "项目", f"{self.word}数"],
            [
                "一、一般公共预算拨款收入",
                cell(general, "income_general"),
                "一、基本支出",
                cell(self.basic, "expenditure_basic"),
            ],
            [
                "二、政府性基金预算拨款收入",
                cell(fund, "income_fund"),
                "二、项目支出",
                cell(self.project, "expenditure_project"),
            ],
            ["三、其他收入", cell(other, "income_other"), "三、其他支出", cell(soe, "expenditure_other")],
            ["本年收入合计", cell(this_year, "income_total"), "本年支出合计", cell(self.total, "expenditure_total")],
            ["四、上年结转", cell(carried, "income_carryover"), "四、结转下年", cell(0, "-")],
            ["收入总计", cell(self.total, "income_total"), "支出总计", cell(self.total, "expenditure_total")],
        ]
        return f"部门收支总表\n单位：{unit}\n" + _grid(rows, layout)

    def _changes(self) -> str:
        total = self.grown - self.shrunk
        whole = self._change(total, "change_total") if total else "与上年持平"
        share = f"，增长{Decimal(total * 100) / (self.total - total):.2f}%" if total > 0 < self.total - total else ""
        return (
            f"{self.year}年收支{self.word}{whole}{share}，其中："
            f"基本支出{self._change(self.grown, 'change_basic')}，主要是人员调资；"
            f"项目支出{self._change(-self.shrunk, 'change_project')}，主要是压减一般性项目。\n"
        )

    def _agency(self) -> str:
        return f"{self.year}年，机关运行经费{self._money(self.running, 'agency_running')}，主要用于办公费、水电费等支出。\n"

    def _three(self) -> str:
        total, run = self.vehicle + self.reception, self.vehicle - self.bought
        stop = self.rng.choice(("\n", ""))
        return (
            f"{self.year}年“三公”经费{self.word}{self._money(total, 'three_public_total')}。具体是：\n"
            f"（一）因公出国（境）费{self._money(0, 'three_public_abroad')}，与上年持平。{stop}"
            f"（二）公务用车购置及运行维护费{self._money(self.vehicle, 'three_public_vehicle')}，"
            f"其中公务用车购置费{self._money(self.bought, 'three_public_vehicle_purchase')}，"
            f"公务用车运行维护费{self._money(run, 'three_public_vehicle_running')}。{stop}"
            f"（三）公务接待费{self._money(self.reception, 'three_public_reception')}，"
            f"{self._change(-self.rng.randint(1, 500), 'change_other')}。\n"
        )

    def _buying(self) -> str:
        goods, works, services = (self._money(n, "procurement_item") for n in self.purchases)
        word = "支出总额" if self.final else "预算"
        total = self._money(sum(self.purchases), "procurement_total")
        return f"{self.year}年政府采购{word}{total}，其中：货物类{goods}、工程类{works}、服务类{services}。\n"

    def _holdings(self) -> str:
        held = str(self.year if self.final else self.year - 1)
        house, cars, rest = (self._money(n, "assets_item", period=held) for n in self.assets)
        total = self._money(sum(self.assets), "assets_total", period=held)
        limit = "⟦t >= 50 - 万元 condition⟧50万元以上⟦/t⟧"
        devices = f"单位价值{limit}的通用设备{self.rng.randint(0, 9)}台（套）。"
        return f"截至{held}年12月31日，固定资产总额{total}，其中房屋{house}，车辆{cars}，其他{rest}。{devices}\n"

    def _performance(self) -> str:
        """Goals, safeguards and the tables of indicators of the department and of each project."""
        first, second = self.fields[:2]
        layout, split = self.rng.choice((PIPES, ROWS, CELLS, FLAT)), self.rng.random() < 0.4
        goal = f"{first}覆盖率达到{self._bare(90, 99, '%')}，{second}投诉办结率{self._target('%', '>=', 'word').joined}。"
        sub = f"1.加强{first}。\n绩效目标：全年开展{second}专项行动{self._bare(2, 30, '次')}，整治突出问题。\n"
        safe = f"1.加强调度。每月召开调度会⟦t = 1 1 次 planned 每月⟧1次⟦/t⟧。\n2.强化培训。全年组织培训{self._target('期', '>=', 'word').joined}。\n"
        text = f"（一）总体绩效目标\n{goal}\n（二）分项绩效目标\n{sub}（三）工作保障措施\n{safe}"
        text += "（四）部门整体绩效指标\n" + self._indicator_table("", layout, split and layout != FLAT)
        text += "（五）项目绩效目标\n"
        for n, (name, money) in enumerate(zip(self.projects, self.items, strict=True), 1):
            text += f"{n}.{name}项目绩效目标表\n预算金额：{self._money(money, 'project_item')}\n"
            text += self._indicator_table(f"{name}项目", layout, split and layout != FLAT)
        return text

    def _bare(self, low: int, high: int, unit: str) -> str:
        number = self.rng.randint(low, high)
        return f"⟦t = {number} {number} {unit} planned⟧{number}{unit}⟦/t⟧"

    def _target(self, unit: str, comparator: str, kind: str) -> Target:
        """A value of one kind (`symbol`, `word`, `exact`, `range`) in a unit."""
        rng = self.rng
        top = {"%": (80, 99), "天": (3, 60), "小时": (2, 48), "个工作日": (3, 30), "期": (2, 9)}.get(unit, (10, 900))
        number, shown, base = rng.randint(*top), "", unit
        value, shown = str(number), str(number)
        if unit == "%" and rng.random() < 0.3:
            value = shown = f"{number}.5"
        elif unit in ("人", "人次", "平方米", "亩") and rng.random() < 0.4:
            value, shown, base = str(number * 1000), f"{Decimal(number) / 10:f}", "万" + unit
        elif unit == "元":
            value, shown = str(number * 100), f"{number * 100:,}" if self.comma else str(number * 100)
        if kind == "range":
            top_value = number + rng.randint(1, 9)
            written = f"{number}{rng.choice('-—~')}{top_value}{unit}"
            tag = f"⟦t between {number} {top_value} {unit} range⟧{written}⟦/t⟧"
            return Target(("", tag, ""), tag, written, "between", str(number), str(top_value), unit)
        return self._bound(comparator if kind != "exact" else "=", kind, (value, shown), (unit, base))

    def _bound(self, comparator: str, kind: str, number: tuple[str, str], units: tuple[str, str]) -> Target:
        """A bound on one side, or an equal one, with its tags round one string and round three cells."""
        (value, shown), (unit, base) = number, units
        low = value if comparator in (">=", ">", "=") else ""
        high = value if comparator in ("<=", "<", "=") else ""
        fields = f"{comparator} {low or '-'} {high or '-'} {unit}"
        sign = "" if kind == "exact" and self.rng.random() < 0.5 else self.rng.choice(SIGNS[comparator])
        inner, inner_cell = f"{shown}{base}", shown
        if unit in ("元", "万元"):
            money = f"⟦a {value} {unit} indicator_value {self.year}⟧"
            inner, inner_cell = f"{money}{inner}⟦/a⟧", f"{money}{shown}⟦/a⟧"
        pattern = self.rng.choice(WORDS[comparator]) if kind == "word" else sign + "{}"
        joined = f"⟦t {fields} {kind if comparator != '=' else 'exact'}⟧{pattern.format(inner)}⟦/t⟧"
        sign = sign or "="
        cells = (f"⟦t {fields} split⟧{sign}", inner_cell, f"{base}⟦/t⟧")
        return Target(cells, joined, pattern.format(shown + base), comparator, low, high, unit)

    def _lines(self, project: str) -> list[tuple[str, str, str, Target]]:
        """Level 1, level 2, name and target of each indicator of one table."""
        rng, topic = self.rng, rng_topic(self, project)
        symbol = [rng.choice(("symbol", "symbol", "symbol", "word")) for _ in range(9)]
        counts = [tuple(item.split("/")) for item in rng.sample(self.counted, rng.randint(1, 2))]
        lines = [
            ("产出", "数量", name, self._target(unit, ">=", rng.choice(("symbol", "exact", "range", "word"))))
            for name, unit in counts
        ]
        lines.append(("产出", "质量", f"{topic}验收合格率", self._target("%", rng.choice((">=", "=", ">")), "symbol")))
        unit = rng.choice(("天", "小时", "个工作日"))
        late = self._words(f"{rng.randint(3, 12)}月底前") if rng.random() < 0.4 else self._target(unit, "<=", symbol[0])
        lines.append(("产出", "时效", f"{topic}完成时限", late))
        cost = self._target(rng.choice(("万元", "元")), "<=", "symbol")
        lines.append(("产出", "成本", f"{topic}支出总额", cost))
        lines.append(("效益", "社会效益", f"{topic}政策知晓率", self._target("%", ">=", symbol[1])))
        if rng.random() < 0.6:
            kind = rng.choice(("经济效益", "生态效益", "可持续影响"))
            words = self._words(rng.choice(("稳步提升", "明显改善", "逐步健全", "持续增强")))
            lines.append(("效益", kind, f"{topic}长效机制", words))
        served = self._target("%", rng.choice((">=", ">")), "symbol")
        lines.append(("满意度", "服务对象满意度", rng.choice(("群众满意度", "服务对象满意程度")), served))
        return lines

    def _words(self, words: str) -> Target:
        return Target(("定性", words, ""), words, words, "text")

    def _indicator_table(self, project: str, layout: str, split: bool) -> str:
        """A table of indicators, and their rows of truth."""
        scored, based = self.rng.random() < 0.4, self.rng.random() < 0.6
        header = ["一级指标", "二级指标", "三级指标", *(("指标性质", "指标值", "度量单位") if split else ("指标值",))]
        rows = [header + ["分值"] * scored + ["指标值确定依据"] * based]
        seen: tuple[str, str] = ("", "")
        for level1, level2, name, target in self._lines(project):
            points, basis = self.rng.choice(("5", "10", "15")), self.rng.choice(("年初计划", "工作要求", "历史数据"))
            heads = [level1 + "指标" if level1 != seen[0] else "", level2 + "指标" if (level1, level2) != seen else ""]
            seen = (level1, level2)
            value = target.cells if split else (target.joined,)
            if split and target.comparator == "between":
                value = ("=", target.joined, "")
            rows.append([*heads, name, *value] + [points] * scored + [basis] * based)
            sign = "" if target.comparator == "text" else target.cells[0].rpartition("⟧")[2] if split else ""
            self.indicators.append(
                {"doc": self.name, "source": "table", "project": project, "level1": level1 + "指标",
                 "level2": level2 + "指标", "name": name, "class_code": CODES[level2], "description": "",
                 "comparator": target.comparator, "low": target.low, "high": target.high, "unit": target.unit,
                 "value_text": target.written, "points": points if scored else "", "scoring_rule": "",
                 "basis": basis if based else ""}
            )  # fmt: skip
        return _grid(rows, layout)
