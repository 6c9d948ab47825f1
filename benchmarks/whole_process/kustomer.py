"""Kustomer: the search streams against curl with the same requests."""

from __future__ import annotations

import tempfile

from whole_process.harness import Simulator, compare, measure, read_command, replay

NOW = "2026-11-01T00:00:00Z"
HEADERS = {"Authorization": "Bearer sim-api-token"}
TAP_ROWS_PER_SECOND = 549  # tap-kustomer, measured on two cores; see docs/performance.md


def config(simulator):
    return {"api_token": "sim-api-token", "start_date": "2026-01-01T00:00:00Z", "searches_per_minute": 0,
            "rate_limit_share": 100, "api_base_url": simulator.url}


def simulated(records, *more):
    # All of them in the last ten months, so that the archive has none.
    return Simulator("kustomer", "--records", records, "--now", NOW, "--first", "2026-01-02T00:00:00Z", "--stable-ties",
                     "--searches-per-minute", 0, "--requests-per-minute", 0, "--row-limit", 50000, *more)


def bench_kustomer(arguments):
    for coding, target in (("gzip", 1.0), ("plain", 2.5)):
        with simulated(100_000, "--prerender", "--cache-mb", 2048, *(["--no-gzip"] if coding == "plain" else [])) as simulator, \
                tempfile.TemporaryDirectory() as folder:
            read = read_command(folder, "kustomer", "conversations", config(simulator))
            curl, records = replay(folder, simulator, read, HEADERS, coding == "gzip")
            compare(f"Kustomer conversations, flat, {coding}", arguments, simulator,
                    [("source-kustomer", read), ("curl", curl)], records, target)
            rate = records / measure(read)["wall"]
            print(f"  {rate / TAP_ROWS_PER_SECOND:.0f} times tap-kustomer's {TAP_ROWS_PER_SECOND} rows a second", flush=True)


def bench_kustomer_memory(arguments):
    print("\nKustomer conversations, peak memory (target: at most 64 MB)")
    for records in (100_000, 1_000_000):
        with simulated(records, "--record-bytes", 5000) as simulator, tempfile.TemporaryDirectory() as folder:
            result = measure(read_command(folder, "kustomer", "conversations", config(simulator)))
            print(f"  {records:>8} rows: {result['rss']:.0f} MB, {result['wall']:.1f} s", flush=True)
