"""Old Word documents (.doc): turned into .docx in a process of its own with a time limit, then read as such."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dutymine.model import Document
from dutymine.readers import word
from dutymine.readers.signature import UnreadableError
from dutymine.settings import Settings

SECONDS = 60
_FILTER = "MS Word 97"  # without it a damaged file is taken for text, and what comes out is noise
_CONVERT = "import sys; from doc2docx import convert; convert(sys.argv[1], sys.argv[2])"


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a .doc file; raises UnreadableError where it cannot be converted here."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.doc", Path(folder) / "a.docx"
        source.write_bytes(data)
        if not _converted([sys.executable, "-I", "-c", _CONVERT, str(source), str(target)], target):
            office = shutil.which("soffice")
            command = [office or "", f"-env:UserInstallation=file://{folder}/p", "--headless", f"--infilter={_FILTER}"]
            command += ["--convert-to", "docx", "--outdir", folder, str(source)]
            if office is None or not _converted(command, target):
                raise UnreadableError("not_converted", "this old Word file cannot be read; convert it to .docx first")
        composer = word.compose(target.read_bytes())
    return composer.document(data, path, "doc")


def _converted(command: list[str], target: Path) -> bool:
    try:
        subprocess.run(command, timeout=SECONDS, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    except (subprocess.SubprocessError, OSError):
        return False
    return target.is_file() and target.stat().st_size > 0
