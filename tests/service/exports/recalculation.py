"""LibreOffice as a judge: a workbook without its cached values, calculated anew without a screen."""

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""
_CACHED = re.compile(rb"(</f>)<v>[^<]*</v>")


def recalculated(workbook: bytes, folder: Path) -> Path:
    """The workbook as LibreOffice saves it; every formula's value was 0 before. Skips where there is no LibreOffice."""
    soffice = shutil.which("soffice")
    if soffice is None:
        message = "LibreOffice Calc (soffice) is not installed: no workbook was calculated anew"
        if os.environ.get("TOKENCAST_FORBID_SKIPS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    original, emptied = folder / "original.xlsx", folder / "emptied.xlsx"
    original.write_bytes(workbook)
    _empty(original, emptied)
    done = subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(emptied),
        ],
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert (folder / "out" / "emptied.xlsx").exists(), done.stdout + done.stderr
    return folder / "out" / "emptied.xlsx"


def _empty(original: Path, emptied: Path) -> None:
    emptied_cells = 0
    with zipfile.ZipFile(original) as source, zipfile.ZipFile(emptied, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, found = _CACHED.subn(rb"\1<v>0</v>", content)
                emptied_cells += found
            target.writestr(name, content)
    assert emptied_cells > 0
