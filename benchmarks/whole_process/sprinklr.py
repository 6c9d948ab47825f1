"""Sprinklr: reports against curl with the same POST bodies."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from whole_process.harness import Simulator, compare, read_command, replay

HEADERS = {"Authorization": "Bearer sim-access", "Key": "sim-key"}

PAYLOAD = {
    "reportingEngine": "PLATFORM", "report": "POST_INSIGHTS", "timeZone": "UTC",
    "groupBys": [{"heading": "MESSAGE_0", "dimensionName": "UNIFIED_MESSAGE_ID", "groupType": "FIELD", "details": {}}],
    "projections": [{"heading": "ENGAGEMENTS_0", "measurementName": "TOTAL_ENGAGEMENT", "aggregateFunction": "SUM"}],
    "filters": [], "sorts": [{"heading": "MESSAGE_0", "order": "ASC"}], "skipResolve": False,
}
FIRST_DAY, LAST_DAY = "2026-01-01", "2026-01-20"

# flatten, jsonResponse, the largest ratio to curl --compressed
CASES = [("none", True, 0.8), ("none", False, 1.1), ("flatten_json", True, 1.6)]


def config(simulator, payload, flatten):
    return {"credentials": {"auth_type": "access_token", "client_id": "sim-key", "access_token": "sim-access"},
            "start_date": FIRST_DAY, "end_date": LAST_DAY, "requests_per_second": 0, "requests_per_hour": 0,
            "reports": [{"name": "report", "payload": json.dumps(payload), "flatten": flatten}], "api_base_url": simulator.url}


def bench_sprinklr(arguments):
    for flatten, objects, target in CASES:
        payload = {**PAYLOAD, "jsonResponse": objects}
        with tempfile.TemporaryDirectory() as folder:
            query = Path(folder) / "query.json"
            query.write_text(json.dumps({**payload, "pageSize": 1000}))
            with Simulator("sprinklr", "--records", 200_000, "--first-day", 20260101, "--last-day", 20260120, "--pool", 20,
                           "--prerender", "--prerender-query", query, "--prerender-days", 1,
                           "--cap", 0) as simulator:
                read = read_command(folder, "sprinklr", "report", config(simulator, payload, flatten))
                curl, records = replay(folder, simulator, read, HEADERS, True)
                shape = "objects" if objects else "rows and headings"
                compare(f"Sprinklr report, {shape}, flatten: {flatten}, gzip", arguments, simulator,
                        [("source-sprinklr", read), ("curl", curl)], records, target)
