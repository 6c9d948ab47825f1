"""CleverTap: exports against curl and a Python script, workers, memory, and counts."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
from pathlib import Path

from whole_process.harness import Simulator, compare, measure, read_command

# (c): what a script does that people write in an hour.
LOOP = """
import json, sys, time, requests
url, stream, gzip = sys.argv[1], sys.argv[2], sys.argv[3] == "gzip"
pages = [line.split('"')[1] for line in open(sys.argv[4]) if line.startswith("url")]
session = requests.Session()
session.headers.update({"X-CleverTap-Account-Id": "TEST-ACC-001", "X-CleverTap-Passcode": "sim-passcode"})
if not gzip:
    session.headers["Accept-Encoding"] = "identity"
for page in pages:
    now = int(time.time() * 1000)
    for record in session.get(page).json().get("records", []):
        sys.stdout.write(json.dumps({"type": "RECORD", "record": {"stream": stream, "emitted_at": now, "data": record}}) + "\\n")
"""


def config(simulator, **changes):
    return {"account_id": "TEST-ACC-001", "passcode": "sim-passcode", "start_date": 20260101, "end_date": 20260110,
            "event_name": "App Launched", "api_base_url": simulator.url, "window_days": 366, "num_workers": 1, **changes}


def simulated(records, coding, *more):
    queries = ["events?batch_size=4991&app=true&events=false&profile=true", "profiles?batch_size=4991&app=true&events=true&profile=true"]
    prerender = ["--prerender"] + [word for query in queries for word in ("--prerender-query", query)]
    return Simulator("clevertap", "--events", "App Launched", "--records", records, "--first-day", 20260101, "--last-day",
                     20260110, *prerender, *(["--no-gzip"] if coding == "plain" else []), *more)


TARGETS = {("events", "gzip"): 0.9, ("profiles", "gzip"): 0.65, ("events", "plain"): 2.5, ("profiles", "plain"): 1.6}


def bench_read(arguments):
    for coding in ("gzip", "plain"):
        with simulated(arguments.records, coding) as simulator, tempfile.TemporaryDirectory() as folder:
            for stream in ("events", "profiles"):
                compare_read(arguments, simulator, folder, stream, coding)


def compare_read(arguments, simulator, folder, stream, coding):
    flags = {"batch_size": 4991, "app": "true", "events": "false" if stream == "events" else "true", "profile": "true"}
    pages = Path(folder) / "pages"
    pages.write_text(simulator.get("curl", kind=stream, event="App Launched", **{"from": 20260101, "to": 20260110}, **flags))
    read = read_command(folder, "clevertap", stream, config(simulator))
    records = subprocess.run(read, check=True, capture_output=True).stdout.count(b'{"type":"RECORD"')
    commands = [("source-clevertap", read),
                ("curl", ["curl", "--silent", "--fail", *(["--compressed"] if coding == "gzip" else []), "-K", pages]),
                ("requests + json", ["/usr/bin/python3", "-c", LOOP, simulator.url, stream, coding, pages])]
    compare(f"CleverTap {stream}, {coding}", arguments, simulator, commands, records, TARGETS[stream, coding])


def bench_drift(arguments):
    """What the drift report costs: the same read with it and without, in turn."""
    for stream in ("events", "profiles"):
        with simulated(arguments.records, "plain") as simulator, tempfile.TemporaryDirectory() as on, \
                tempfile.TemporaryDirectory() as off:
            commands = {"on": read_command(on, "clevertap", stream, config(simulator)),
                        "off": read_command(off, "clevertap", stream, config(simulator, report_drift=False))}
            walls = {name: [] for name in commands}
            for _ in range(arguments.runs):
                for name, command in commands.items():
                    walls[name].append(measure(command)["wall"])
            medians = {name: statistics.median(values) for name, values in walls.items()}
            print(f"\nCleverTap {stream}, plain, drift report on {medians['on']:.3f} s, off {medians['off']:.3f} s: "
                  f"{(medians['on'] / medians['off'] - 1) * 100:+.1f} % (target: at most 5 %)", flush=True)


def bench_workers(arguments):
    with Simulator("clevertap", "--events", "App Launched", "--records", 60000, "--first-day", 20260101, "--last-day",
                   20260110, "--latency-ms", 200) as simulator, tempfile.TemporaryDirectory() as folder:
        walls = {}
        for workers in (1, 2):
            changes = {"num_workers": workers, "window_days": 1, "batch_size": 1150}
            command = read_command(folder, "clevertap", "events", config(simulator, **changes))
            walls[workers] = statistics.median(measure(command)["wall"] for _ in range(min(arguments.runs, 3)))
        print(f"\nCleverTap events with 200 ms a request: one worker {walls[1]:.1f} s, two {walls[2]:.1f} s: "
              f"{walls[1] / walls[2]:.2f} times the rate (target: at least 1.9)", flush=True)


def bench_memory(arguments):
    print("\nCleverTap, peak memory with one worker")
    for stream in ("events", "profiles"):
        for records in (100_000, 10_000_000):
            # A pool of pages: the reader sees as many, and the server need not keep them all.
            with Simulator("clevertap", "--events", "App Launched", "--records", records, "--first-day", 20260101,
                           "--last-day", 20260110, "--pool", 20) as simulator, tempfile.TemporaryDirectory() as folder:
                result = measure(read_command(folder, "clevertap", stream, config(simulator)))
                print(f"  {stream}, {records:>9} records: {result['rss']:.0f} MB, {result['wall']:.1f} s", flush=True)


def bench_counts(arguments):
    """A year of daily counts whose answer is `partial` twice, 200 ms a request, three requests in flight."""
    with Simulator("clevertap", "--events", "App Launched", "--records", 36500, "--first-day", 20250101, "--last-day",
                   20251231, "--latency-ms", 200, "--count-partials", 2) as simulator, tempfile.TemporaryDirectory() as folder:
        query = {"name": "launches", "kind": "event_count", "query": '{"event_name": "App Launched"}'}
        changes = {"start_date": 20250101, "end_date": 20251231, "queries": [query], "num_workers": 3}
        command = read_command(folder, "clevertap", "launches", config(simulator, **changes))
        simulator.forget_requests()
        subprocess.run(command, check=True, capture_output=True)
        requests = len(simulator.requests())
        wall = statistics.median(measure(command)["wall"] for _ in range(min(arguments.runs, 3)))
        packed = requests * 0.2 / 3
        print(f"\nCleverTap, 365 daily counts: {requests} requests, {wall:.1f} s; three perfectly packed pollers {packed:.1f} s: "
              f"{wall / packed:.2f} (target: at most 1.3)", flush=True)
