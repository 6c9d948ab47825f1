"""A running engagement-simulator (docs/simulator.md)."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

ACCOUNT_ID = "TEST-ACC-001"
PASSCODE = "sim-passcode"


class Simulator:
    def __init__(self, executable: Path, name: str, *options: str | int) -> None:
        self._process = subprocess.Popen(
            [executable, name, "--port", "0", *map(str, options)], stdout=subprocess.PIPE, text=True
        )
        line = self._process.stdout.readline()
        found = re.match(r"listening on (http://127\.0\.0\.1:\d+)", line)
        assert found, f"the simulator did not start: {line!r}"
        self.url = found[1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def admin(self, method: str, call: str, body: Any = None, **query: Any) -> str:
        url = f"{self.url}/_simulator/{call}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as response:
            return response.read().decode()

    def truth(self, **query: Any) -> dict[str, Any]:
        return json.loads(self.admin("GET", "truth", **query))

    def records(self, **query: Any) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.admin("GET", "records", **query).split("\n") if line]

    def requests(self) -> list[dict[str, Any]]:
        return json.loads(self.admin("GET", "requests"))

    def forget_requests(self) -> None:
        self.admin("DELETE", "requests")

    def set_faults(self, *faults: dict[str, Any]) -> None:
        self.admin("PUT", "faults", list(faults))

    def config(self, **changes: Any) -> dict[str, Any]:
        """A configuration for this simulator; None takes a field away."""
        config = {
            "account_id": ACCOUNT_ID,
            "passcode": PASSCODE,
            "region": "",
            "start_date": int(json.loads(self.admin("GET", "info"))["first_day"]),
            "api_base_url": self.url,
            **changes,
        }
        return {key: value for key, value in config.items() if value is not None}
