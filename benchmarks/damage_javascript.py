"""Run jsonrepair of npm over many texts in one Node process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

_SCRIPT = """
const { jsonrepair } = require(process.argv[1]);
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const values = texts.map((text) => { try { return [JSON.parse(jsonrepair(text))]; } catch { return null; } });
process.stdout.write(JSON.stringify(values));
"""


def jsonrepair_values(texts: list[str], folder: Path | None) -> list[Any] | None:
    """Return a list of one value for each text, or None for a text it refuses; None without Node."""
    package = _package(folder)
    if package is None:
        print("jsonrepair is left out: no Node, or no package jsonrepair (--jsonrepair DIR, or JSONREPAIR)")
        return None
    command = ["node", "-e", _SCRIPT, str(package)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"node with {package}: {done.stderr[-500:]}")
    return list(json.loads(done.stdout))


def _package(folder: Path | None) -> Path | None:
    """Return the folder of the package; None where it or Node is missing."""
    if shutil.which("node") is None:
        return None
    folders = [folder / "node_modules"] if folder else []
    if variable := os.environ.get("JSONREPAIR"):
        folders.append(Path(variable) / "node_modules")
    if not folders and shutil.which("npm"):
        done = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, timeout=60)
        folders.append(Path(done.stdout.strip()))
    packages = (base.resolve() / "jsonrepair" for base in folders)
    return next((package for package in packages if package.is_dir()), None)
