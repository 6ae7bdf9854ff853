"""Runs chain.yaml once for all tests, with the command that CIYAO_COMMAND names."""
import functools
import os
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


@functools.cache
def results():
    """The folder of results."""
    folder = Path(tempfile.mkdtemp(prefix="ciyao-")) / "chain"
    command = os.environ.get("CIYAO_COMMAND", str(HERE.parents[1] / ".build/release/ciyao"))
    subprocess.run([command, "run", str(HERE / "chain.yaml"), "--output", str(folder), "--quiet"], check=True)
    return folder
