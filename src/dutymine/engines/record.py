"""run.json: what made a result, so that another can say why theirs differs."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from dutymine.settings import DATA, PACKAGE, Settings, models_folder

# Packages that can change a result; those not installed are left out.
_PACKAGES = (
    *("jieba", "rjieba", "spacy", "regex", "opencc", "scikit-learn", "skops", "numpy", "scipy"),
    *("pandas", "pyarrow", "duckdb", "pyspark"),
    *("lxml", "pdfplumber", "pdfminer.six", "pypdfium2", "python-calamine", "msdoc2docx", "striprtf"),
    *("rapidocr", "onnxruntime"),
)


def version() -> str:
    """The program's version. No room imports the package root, so it is looked up where Python keeps it."""
    return str(vars(sys.modules[__name__.partition(".")[0]])["__version__"])


def versions() -> dict[str, str]:
    """Versions of the program, of Python and of the packages that can change a result."""
    found = {"dutymine": version(), "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def hash_files(files: Iterable[Path], root: Path) -> str:
    """One sha256 of names and contents of files, whatever their order; empty for none."""
    total = hashlib.sha256()
    present = sorted(file for file in files if file.is_file())
    for file in present:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(root).as_posix()}\0{content}\n".encode())
    return total.hexdigest() if present else ""


def hashes(settings: Settings) -> dict[str, str]:
    """Hashes of the code, all data (vocabulary, rules, bigrams, divisions), a user's own vocabulary, and the model."""
    model = settings.model or models_folder()
    own = settings.lexicon
    return {
        "code": hash_files(PACKAGE.rglob("*.py"), PACKAGE),
        "rules": hash_files(DATA.rglob("*"), DATA),
        "lexicon": hash_files(own.glob("*.toml"), own) if own else "",
        "model": hash_files(model.rglob("*"), model),
    }
