"""What the benchmarks share: a simulator, the connector, a measured process, curl with the requests of the connector."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build" / "release" / "bin"
TICKS = os.sysconf("SC_CLK_TCK")
SERVER_LIMIT = 0.9  # of a core: with a busier server the ratio would say nothing about the client


class Simulator:
    def __init__(self, name, *options):
        command = [BIN / "engagement-simulator", name, "--port", "0", *map(str, options)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.url = re.match(r"listening on (\S+)", line)[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def cpu(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def get(self, call, **query):
        with urllib.request.urlopen(f"{self.url}/_simulator/{call}?{urllib.parse.urlencode(query)}") as answer:
            return answer.read().decode()

    def requests(self):
        return json.loads(self.get("requests"))

    def forget_requests(self):
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/_simulator/requests", method="DELETE")).close()


def watch_peak(pid, peaks):
    """Appends the kernel's high-water mark (MB) of a living process, again and again. What wait4() gives instead starts
    at the memory of this Python, from which the process was forked."""
    try:
        while True:
            peaks.append(int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024)
            time.sleep(0.01)
    except (OSError, TypeError):
        pass  # it has ended


def measure(command, piped=True):
    """Wall time, CPU time, and peak memory (MB) of the command, its output through `cat` to nowhere."""
    peaks = [0.0]
    sink = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) if piped else None
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                               stdout=sink.stdin if piped else subprocess.DEVNULL, stderr=subprocess.PIPE)
    if sink:
        sink.stdin.close()
        threading.Thread(target=watch_peak, args=(process.pid, peaks)).start()
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if sink:
        sink.wait()
    wall = time.monotonic() - begin
    process.stderr.close()
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed with {process.returncode}: {said.decode()[-2000:]}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "rss": peaks[-1]}


def median(results, what):
    return statistics.median(result[what] for result in results)


def read_command(folder, source, stream, config, mode="full_refresh"):
    """The command that reads one stream; the configuration and its catalog are left in the folder."""
    config_file = Path(folder) / "config.json"
    config_file.write_text(json.dumps(config))
    binary = BIN / f"source-{source}"
    output = subprocess.run([binary, "discover", "--config", config_file], check=True, capture_output=True)
    (found,) = [s for line in output.stdout.splitlines() if b'"CATALOG"' in line
                for s in json.loads(line)["catalog"]["streams"] if s["name"] == stream]
    catalog = Path(folder) / f"{stream}.catalog.json"
    catalog.write_text(json.dumps({"streams": [{"stream": found, "sync_mode": mode, "destination_sync_mode": "overwrite"}]}))
    return [binary, "read", "--config", config_file, "--catalog", catalog]


def replay(folder, simulator, command, headers, gzip):
    """A curl command that sends, from one process, what the connector's command sends, and the number of records."""
    simulator.forget_requests()
    output = subprocess.run([str(word) for word in command], check=True, capture_output=True).stdout
    blocks = []
    for number, request in enumerate(simulator.requests()):
        query = f"?{request['query']}" if request.get("query") else ""
        lines = [f'url = "{simulator.url}{request["path"]}{query}"', 'silent', 'fail', *(['compressed'] if gzip else [])]
        lines += [f'header = "{name}: {value}"' for name, value in headers.items()]
        if request["method"] == "POST":
            body = Path(folder) / f"body{number}"
            body.write_text(request.get("body") or "")
            lines += [f'data-binary = "@{body}"', 'header = "Content-Type: application/json"']
        blocks.append("\n".join(lines))
    requests = Path(folder) / "requests"
    requests.write_text("\nnext\n".join(blocks) + "\n")
    return ["curl", "-K", requests], output.count(b'{"type":"RECORD"')


def compare(title, arguments, simulator, commands, records, target):
    """Runs the commands in turn and prints medians; the first is the connector, the second curl. `target`: the largest
    ratio of their wall times."""
    before = simulator.cpu()
    body = len(subprocess.run([str(word) for word in commands[1][1]], check=True, capture_output=True).stdout)
    serving = simulator.cpu() - before
    results, server = {name: [] for name, _ in commands}, []
    for _ in range(arguments.runs):
        for index, (name, command) in enumerate(commands):
            before = simulator.cpu()
            results[name].append(measure(command))
            if index == 0:
                server.append((simulator.cpu() - before) / results[name][-1]["wall"])
    print(f"\n{title}: {records} records, {body / 1e6:.0f} MB of JSON, {arguments.runs} runs in turn, medians")
    print(f"  {'':28}{'seconds':>9}{'records/s':>12}{'MB/s':>8}{'CPU µs/record':>15}{'peak MB':>9}")
    for name, _ in commands:
        wall, cpu = median(results[name], "wall"), median(results[name], "cpu")
        print(f"  {name + ' | cat':28}{wall:9.2f}{records / wall:12.0f}{body / wall / 1e6:8.0f}{cpu / records * 1e6:15.2f}"
              f"{median(results[name], 'rss'):9.0f}")
    used = statistics.median(server)
    print(f"  the server during the first: {used * 100:.0f} % of a core; to curl it served "
          f"{body / max(serving, 1 / TICKS) / 1e9:.1f} GB of JSON in a second of its CPU")
    if used > SERVER_LIMIT:
        print("  no ratio: the server was the limit")
        return
    first, second, *others = (name for name, _ in commands)
    ratio = median(results[first], "wall") / median(results[second], "wall")
    more = "".join(f"; {name} / {first} = {median(results[name], 'wall') / median(results[first], 'wall'):.1f}" for name in others)
    print(f"  {first} / {second} = {ratio:.2f} (target: at most {target}){more}", flush=True)
