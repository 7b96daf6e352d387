"""Docs and code say the same."""

import re
from pathlib import Path

from dutymine.commands.catalogue import COMMANDS
from dutymine.commands.codebook import run
from dutymine.commands.rule_pages import FAMILIES
from dutymine.output.codes import rules
from dutymine.output.schema import TABLES
from dutymine.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def test_the_codebook_page_is_what_the_code_prints() -> None:
    import argparse

    page = (ROOT / "docs" / "codebook.md").read_text("utf-8").rstrip("\n")
    assert page == run(argparse.Namespace(lexicon=None, family=None)).text.rstrip("\n")


def test_every_family_of_rules_has_the_page_that_the_code_prints_and_every_rule_a_family() -> None:
    import argparse

    pages = {path.stem.removeprefix("rules-"): path for path in (ROOT / "docs").glob("rules-*.md")}
    assert set(pages) == set(FAMILIES) == {row.family for row in rules(Settings())}
    for family, path in pages.items():
        printed = run(argparse.Namespace(lexicon=None, family=family)).text
        assert path.read_text("utf-8").rstrip("\n") == printed.rstrip("\n")


def test_every_command_of_the_readme_exists() -> None:
    known = {command.name for command in COMMANDS if command.module}
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text("utf-8")
        assert set(re.findall(r"dutymine (extract|evaluate|status|doctor|codebook|[a-z]+ results)", text)) - known <= {
            "status results"
        }
        assert "make demo" in text and "make test" in text


def test_every_column_stands_in_the_codebook() -> None:
    page = (ROOT / "docs" / "codebook.md").read_text("utf-8")
    for table in TABLES.values():
        assert table.name in page
        assert all(f"`{name}`" in page for name in table.names)
