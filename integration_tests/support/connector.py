"""Runs the connector and holds every line that it prints to the protocol's own models."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airbyte_protocol.models import AirbyteMessage, ConfiguredAirbyteCatalog

# The member that carries what a message of each type says.
PAYLOADS = {
    "RECORD": "record",
    "STATE": "state",
    "LOG": "log",
    "SPEC": "spec",
    "CONNECTION_STATUS": "connectionStatus",
    "CATALOG": "catalog",
    "TRACE": "trace",
    "CONTROL": "control",
}
TRACE_PAYLOADS = {"ERROR": "error", "ESTIMATE": "estimate", "STREAM_STATUS": "stream_status", "ANALYTICS": "analytics"}


def strict_json(line: str) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON: {line[:300]}")

    return json.loads(line, parse_constant=refuse)


def checked_message(line: str) -> dict[str, Any]:
    """The message of one line; fails if the protocol's models would not take it as it is."""
    message = strict_json(line)
    model = AirbyteMessage.model_validate_json(line)
    kind = message["type"]
    assert getattr(model, PAYLOADS[kind]) is not None, f"no {PAYLOADS[kind]}: {line[:300]}"
    others = set(message) - {"type", PAYLOADS[kind]}
    assert not others, f"members that the protocol does not have: {others}: {line[:300]}"
    if kind == "TRACE":
        trace = message["trace"]
        assert getattr(model.trace, TRACE_PAYLOADS[trace["type"]]) is not None, line[:300]
        assert trace["emitted_at"] > 0
    if kind == "RECORD":
        assert message["record"]["data"], "the platform drops a record without data"
        assert isinstance(message["record"]["emitted_at"], int)
    if kind == "STATE":
        assert message["state"]["type"] == "STREAM"
        assert "sourceStats" in message["state"]
    return message


def checked_messages(output: bytes) -> list[dict[str, Any]]:
    text = output.decode("utf-8", errors="strict")
    lines = text.split("\n")
    # Some readers end a line where Python's splitlines() does.
    assert [line for line in text.splitlines()] == [line for line in lines if line], "a line break inside of a line"
    return [checked_message(line) for line in lines if line]


@dataclass
class Output:
    exit_code: int
    messages: list[dict[str, Any]]
    stderr: str

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message[PAYLOADS[kind]] for message in self.messages if message["type"] == kind]

    def one(self, kind: str) -> dict[str, Any]:
        found = self.of(kind)
        assert len(found) == 1, f"{len(found)} {kind} messages, exit code {self.exit_code}: {self.messages[-3:]}"
        return found[0]

    def data(self, stream: str) -> list[dict[str, Any]]:
        return [record["data"] for record in self.of("RECORD") if record["stream"] == stream]

    def states(self, stream: str) -> list[dict[str, Any]]:
        return [state for state in self.of("STATE") if state["stream"]["stream_descriptor"]["name"] == stream]

    def traces(self, kind: str) -> list[dict[str, Any]]:
        return [trace[TRACE_PAYLOADS[kind]] for trace in self.of("TRACE") if trace["type"] == kind]

    def statuses(self, stream: str) -> list[str]:
        return [
            status["status"]
            for status in self.traces("STREAM_STATUS")
            if status["stream_descriptor"]["name"] == stream
        ]

    def succeeded(self) -> Output:
        assert self.exit_code == 0, f"exit code {self.exit_code}: {self.traces('ERROR')} {self.stderr}"
        assert not self.traces("ERROR")
        # stderr is no pipe's business: the platform logs each of its lines as an error.
        assert self.stderr == ""
        return self


def configured(catalog: dict[str, Any], mode: str = "full_refresh", streams: list[str] | None = None) -> dict[str, Any]:
    """A configured catalog, written as the platform's Python clients do: with many members null."""
    chosen = {
        "streams": [
            {
                "stream": stream,
                "sync_mode": mode,
                "destination_sync_mode": "append_dedup" if mode == "incremental" else "overwrite",
                "cursor_field": stream.get("default_cursor_field"),
                "primary_key": stream.get("source_defined_primary_key"),
            }
            for stream in catalog["streams"]
            if streams is None or stream["name"] in streams
        ]
    }
    return json.loads(ConfiguredAirbyteCatalog.model_validate(chosen).model_dump_json())


class Connector:
    """One executable, run in a folder of its own."""

    def __init__(self, command: list[str | Path], folder: Path, environment: dict[str, str] | None = None) -> None:
        self.command = [str(word) for word in command]
        self.folder = folder
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")},
            **(environment or {}),
        }

    def file(self, value: Any) -> Path:
        """A JSON file with the value; a str is written as it is."""
        handle, path = tempfile.mkstemp(dir=self.folder, suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(value if isinstance(value, str) else json.dumps(value))
        os.chmod(path, 0o444)
        return Path(path)

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.command, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            cwd=self.folder,
            **options,
        )

    def run(self, *arguments: str | Path, timeout: float = 300) -> Output:
        process = self.start(*arguments)
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            stdout, stderr = process.communicate()
            raise AssertionError(f"no end after {timeout} s: {stdout[-2000:]!r} {stderr[-2000:]!r}") from None
        return Output(process.returncode, checked_messages(stdout), stderr.decode())

    def spec(self) -> Output:
        return self.run("spec")

    def check(self, config: dict[str, Any] | str) -> Output:
        return self.run("check", "--config", self.file(config))

    def discover(self, config: dict[str, Any] | str) -> Output:
        return self.run("discover", "--config", self.file(config))

    def catalog(self, config: dict[str, Any]) -> dict[str, Any]:
        return self.discover(config).succeeded().one("CATALOG")

    def read_arguments(self, config: Any, catalog: Any, state: Any = None) -> list[str | Path]:
        arguments: list[str | Path] = ["read", "--config", self.file(config), "--catalog", self.file(catalog)]
        return arguments if state is None else [*arguments, "--state", self.file(state)]

    def read(self, config: Any, catalog: Any, state: Any = None) -> Output:
        return self.run(*self.read_arguments(config, catalog, state))
