"""Who a document speaks for: all kinds of bodies, joint names, old names, places of every level."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dutymine.facts.identity import identify
from dutymine.layout.noise import quiet
from dutymine.readers import read
from dutymine.settings import Settings

CASES = tomllib.loads((Path(__file__).parent / "cases" / "identity.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_office_is_known_by_its_name(case: dict[str, str]) -> None:
    name = case["name"]
    text = f"{name}2024年部门预算\n第一部分 {name}概况\n一、部门职责\n（一）编制规划。\n"
    document = read(text.encode(), "a.txt", Settings())
    found = identify(document, quiet(document.folded), Settings())
    assert found.department == name
    assert found.department_type
    for key, field in (("type", "department_type"), ("level", "level"), ("city", "city"), ("county", "county")):
        assert case.get(key) in (None, getattr(found, field)), key
    assert case.get("province") in (None, found.province)
