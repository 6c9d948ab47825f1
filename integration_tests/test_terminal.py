"""What a person sees: progress and a summary on stderr when that is a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

from support.connector import Connector, configured
from support.simulator import Simulator

COLUMNS = 80
STREAMS = ["events", "profiles"]


def read_all(terminal: int) -> str:
    shown = b""
    while True:
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # its other end is closed
            return shown.decode()


def test_progress_fits_the_terminal_and_ends_with_a_summary(
    connector: Connector, binary: Path, simulator: Simulator, tmp_path: Path
) -> None:
    catalog = configured(connector.discover(simulator.config()).one("CATALOG"), streams=STREAMS)
    (tmp_path / "config.json").write_text(json.dumps(simulator.config()))
    (tmp_path / "catalog.json").write_text(json.dumps(catalog))
    simulator.set_faults({"fault": "stall", "seconds": 2.5, "times": 1})  # long enough for it to be drawn twice
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    process = subprocess.Popen(
        [binary, "read", "--config", "config.json", "--catalog", "catalog.json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    messages = [json.loads(line) for line in process.communicate(timeout=120)[0].splitlines()]
    assert process.returncode == 0
    shown = read_all(ours)
    lines = re.sub(r"\x1b\[\d*[A-Z]", "", shown).splitlines()
    assert all(len(line) < COLUMNS for line in lines)
    assert shown.count("\x1b[2A") >= 1, "it was never redrawn in place"
    *_, events, profiles, total = lines
    for name, line in zip(STREAMS, (events, profiles)):
        records = sum(m["type"] == "RECORD" and m["record"]["stream"] == name for m in messages)
        assert re.match(rf"{name} +{records} records", line)
    assert re.fullmatch(r"[\d.]+ s in all", total)
