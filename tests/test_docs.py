"""Docs and code say the same."""

import re
from pathlib import Path

from dutymine.commands.catalogue import COMMANDS
from dutymine.commands.codebook import run
from dutymine.output.schema import TABLES

ROOT = Path(__file__).resolve().parent.parent


def test_the_codebook_page_is_what_the_code_prints() -> None:
    import argparse

    page = (ROOT / "docs" / "codebook.md").read_text("utf-8").rstrip("\n")
    assert page == run(argparse.Namespace(lexicon=None)).text.rstrip("\n")


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
