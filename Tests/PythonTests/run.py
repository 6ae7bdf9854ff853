"""Runs chain.yaml once for all tests, with the command that CIYAO_COMMAND names."""
import functools
import os
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMMAND = os.environ.get("CIYAO_COMMAND", str(HERE.parents[1] / ".build/release/ciyao"))


@functools.cache
def results():
    """The folder of results."""
    folder = Path(tempfile.mkdtemp(prefix="ciyao-")) / "chain"
    subprocess.run([COMMAND, "run", str(HERE / "chain.yaml"), "--output", str(folder), "--quiet"], check=True)
    return folder


@functools.cache
def measures():
    """The folder of a study of measures: the textbook's."""
    folder = Path(tempfile.mkdtemp(prefix="ciyao-")) / "measures"
    subprocess.run([COMMAND, "measures", str(HERE.parents[1] / "Scenarios/textbook/choice-of-measures.yaml"), "--output", str(folder), "--quiet"], check=True)
    return folder
