"""The floors of the house hold, and starting the command line loads nothing heavy."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "dutymine"

# What `dutymine --help` must not pay for: every third-party package that takes more than a few milliseconds.
HEAVY = {
    *("jieba", "rjieba", "spacy", "thinc", "opencc", "regex"),
    *("numpy", "scipy", "sklearn", "skops", "pandas", "pyarrow", "duckdb"),
    *("lxml", "pdfplumber", "pypdfium2", "python_calamine", "doc2docx", "rapidocr", "onnxruntime", "cv2", "PIL"),
    *("starlette", "uvicorn", "xlsxwriter", "pyspark", "matplotlib", "rich", "multiprocessing"),
}


def _lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Runs import-linter over the package in `tree/src` by the contracts of `tree/pyproject.toml`."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_floors_hold() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("model.py", "import dutymine.text", "A room imports only from floors below it"),
        ("utils.py", "", "A room imports only from floors below it"),
        ("lexicon.py", "from dutymine import __version__", "No room imports through the package root"),
        ("text.py", "def late():\n    import jieba", "Segmenters and spaCy only in"),
        ("settings.py", "import pandas", "pandas and pyarrow only in"),
        ("settings.py", "import sklearn.svm", "scikit-learn and skops only in"),
        ("settings.py", "import duckdb", "DuckDB only in"),
    ],
)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "src" / "dutymine", ignore=shutil.ignore_patterns("data", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "src" / "dutymine" / module).open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    result = _lint(tmp_path)
    broken = [row for row in result.stdout.splitlines() if " BROKEN" in row]
    assert result.returncode == 1, result.stdout + result.stderr
    assert [row for row in broken if row.startswith(contract)] == broken != []


def test_every_folder_of_code_is_a_package() -> None:
    """import-linter does not see a folder without `__init__.py`, so nothing in it would be checked."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_the_command_line_starts_light() -> None:
    program = "import sys, json, dutymine.cli; print(json.dumps(sorted(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    loaded = set(json.loads(result.stdout))
    assert "dutymine.cli" in loaded
    assert loaded & HEAVY == set()
