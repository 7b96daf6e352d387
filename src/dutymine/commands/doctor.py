"""`dutymine doctor`: what is installed and usable here."""

from __future__ import annotations

import argparse
import os
import shutil
from importlib.util import find_spec

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import Outcome
from dutymine.engines.record import versions
from dutymine.settings import DATA, models_folder

# What a part of the program needs, and how it is had.
_PARTS = (
    ("language", ("jieba", "spacy"), "pip install dutymine"),
    ("tables", ("pandas", "pyarrow", "duckdb"), "pip install dutymine"),
    ("classifier", ("sklearn", "skops"), "pip install dutymine"),
    ("HTML and Word", ("lxml",), "pip install 'dutymine[files]'"),
    ("old Word", ("doc2docx", "lxml"), "pip install 'dutymine[files]'"),
    ("rich text", ("striprtf",), "pip install 'dutymine[files]'"),
    ("PDF", ("pdfplumber",), "pip install 'dutymine[files]'"),
    ("Excel", ("python_calamine",), "pip install 'dutymine[files]'"),
    ("scans", ("rapidocr", "onnxruntime"), "pip install 'dutymine[ocr]'"),
    ("review page", ("starlette", "uvicorn"), "pip install 'dutymine[review]'"),
    ("pictures", ("matplotlib",), "pip install 'dutymine[figures]'"),
    ("Spark", ("pyspark",), "pip install 'dutymine[spark]'"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """This command takes no arguments."""


def run(options: argparse.Namespace) -> Outcome:
    """Versions, folders, and which parts can be used; missing ones with the line that installs them."""
    facts: list[tuple[str, object]] = list(versions().items())
    facts += [("vocabulary", DATA), ("models", models_folder()), ("cores", os.cpu_count())]
    facts += [(name, shutil.which(name) or "not found") for name in ("java", "soffice")]
    parts = [
        (part, "yes" if all(find_spec(module) for module in modules) else f"no: {line}")
        for part, modules, line in _PARTS
    ]
    return Outcome(text=aligned(("what", "here"), facts) + "\n\n" + aligned(("part", "usable"), parts))
