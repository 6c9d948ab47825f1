"""The image, run as Airbyte's platform and its users run it."""

from __future__ import annotations

import json
import subprocess
import threading
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from support.connector import Connector, Output, checked_messages, configured
from support.simulator import Simulator

# No capability, no privilege to gain, nothing to write to but what is mounted.
TIGHT = ["--user", "1000:1000", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only"]


def docker(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *map(str, arguments)], text=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=120, check=False, **options
    )


def inspected(image: str, what: str) -> str:
    process = docker("image", "inspect", "--format", what, image)
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


@pytest.fixture
def container(image: str, tmp_path: Path) -> Connector:
    """The connector in a container; its files are mounted where it looks for them."""
    tmp_path.chmod(0o755)
    return Connector(
        ["docker", "run", "--rm", *TIGHT, "--network", "host", "--volume", f"{tmp_path}:{tmp_path}:ro", image], tmp_path
    )


def test_the_image_is_small_enough(image: str) -> None:
    size = int(inspected(image, "{{.Size}}"))
    print(f"{image}: {size / 1e6:.1f} MB")
    assert size <= 40_000_000


def test_labels_and_entrypoint(image: str) -> None:
    labels = json.loads(inspected(image, "{{json .Config.Labels}}"))
    assert labels["io.airbyte.name"] == "airbyte/source-clevertap"
    assert labels["io.airbyte.version"] == labels["org.opencontainers.image.version"]
    assert {"org.opencontainers.image.title", "org.opencontainers.image.description", "org.opencontainers.image.licenses"} <= set(labels)
    entrypoint = json.loads(inspected(image, "{{json .Config.Entrypoint}}"))
    environment = dict(entry.split("=", 1) for entry in json.loads(inspected(image, "{{json .Config.Env}}")))
    assert environment["AIRBYTE_ENTRYPOINT"] == " ".join(entrypoint)
    assert entrypoint[0].startswith("/") and " " not in entrypoint[0]
    assert inspected(image, "{{.Config.WorkingDir}}") == "/airbyte"
    assert inspected(image, "{{.Config.User}}").split(":")[0] in ("1000", "airbyte")


def shell(image: str, script: str, *options: str) -> subprocess.CompletedProcess[str]:
    return docker("run", "--rm", "--cap-drop", "ALL", *options, "--entrypoint", "/bin/sh", image, "-c", script)


def test_the_shell_has_what_the_platform_calls_and_there_is_no_package_manager(image: str) -> None:
    process = shell(image, "for tool in sh sleep mv kill echo cat; do command -v $tool || exit 1; done; sleep 0 && id -u && id -un && pwd")
    assert process.returncode == 0, process.stdout + process.stderr
    assert process.stdout.split()[-3:] == ["1000", "airbyte", "/airbyte"]
    # As files: the shell has commands of its own besides.
    process = shell(image, "ls /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /var/lib /usr/lib")
    unwanted = {"apt", "apt-get", "dpkg", "apk", "rpm", "pip", "python3", "perl", "curl", "wget", "gcc"}
    assert "source-clevertap" in process.stdout.split()
    assert not unwanted & set(process.stdout.split())


def test_the_folders_that_airbyte_writes_to_are_writable(image: str) -> None:
    process = shell(image, "for d in /airbyte /config /source /secrets /tmp .; do echo x > $d/probe || exit 1; done; test ! -w /usr/local/bin")
    assert process.returncode == 0, process.stderr


def test_every_command_without_privileges(container: Connector, simulator: Simulator) -> None:
    assert container.spec().succeeded().one("SPEC")
    config = simulator.config()
    assert container.check(config).succeeded().one("CONNECTION_STATUS")["status"] == "SUCCEEDED"
    output = container.read(config, configured(container.catalog(config))).succeeded()
    truth = simulator.truth()
    assert len(output.data("events")) == truth["events"]
    assert len(output.data("profiles")) == truth["distinct_people"]


def test_a_failing_read_says_so_by_its_exit_code(container: Connector, simulator: Simulator) -> None:
    config = simulator.config(event_name="Charged")
    catalog = configured(container.catalog(config))
    output = container.read({**config, "passcode": "wrong-passcode"}, catalog)
    assert output.exit_code == 1
    assert {error["failure_type"] for error in output.traces("ERROR")} == {"config_error"}


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "US/Pacific"])
def test_the_old_names_of_time_zones(container: Connector, start_simulator: Any, zone: str) -> None:
    local = start_simulator("--records", 50, "--timezone", zone, "--first-day", 20260601, "--last-day", 20260603)
    config = local.config(timezone=zone, end_date=20260603)
    data = container.read(config, configured(container.catalog(config), streams=["events"])).succeeded().data("events")
    assert data
    for record in data:
        time = datetime.strptime(str(record["ts"]), "%Y%m%d%H%M%S").replace(tzinfo=ZoneInfo(zone))
        assert datetime.fromisoformat(record["event_time"].replace("Z", "+00:00")) == time.astimezone(timezone.utc)


def test_tls_finds_the_authorities_of_the_image(container: Connector, simulator: Simulator, tmp_path: Path) -> None:
    """Its own bundle has no test authority, so a private one is refused, and accepted when SSL_CERT_FILE names it."""
    from support.tls import TlsFront, make_authority

    authority, chain = make_authority(tmp_path)
    with TlsFront(chain, simulator.port) as front:
        config = simulator.config(api_base_url=front.url, retry_seconds=1)
        refused = container.check(config)
        assert "certificate" in (refused.of("CONNECTION_STATUS") + refused.traces("ERROR"))[0]["message"].lower()
        at = container.command.index("--rm")
        container.command[at:at] = ["--env", f"SSL_CERT_FILE={authority}"]
        assert container.check(config).succeeded().one("CONNECTION_STATUS")["status"] == "SUCCEEDED"
    assert "BEGIN CERTIFICATE" in docker("run", "--rm", "--entrypoint", "cat", container.command[-1], "/etc/ssl/certs/ca-certificates.crt").stdout


# What Airbyte's platform runs as the container's command: the output goes to pipes that its orchestrator made, and the
# exit code to a file that appears whole.
SYNC_SCRIPT = """
cd /source
(eval "$AIRBYTE_ENTRYPOINT read --config /source/connectorConfig.json --catalog /source/catalog.json" 2> stderr > stdout) &
CHILD_PID=$!
(while true; do if [ -f TERMINATED ]; then kill $CHILD_PID; exit 0; fi; sleep 10; done) &
WATCHER_PID=$!
wait $CHILD_PID
EXIT_CODE=$?
kill $WATCHER_PID
echo $EXIT_CODE > TEMP_EXIT_CODE.txt
mv TEMP_EXIT_CODE.txt exitCode.txt
exit $EXIT_CODE
"""

CHECK_SCRIPT = """
cd /config
eval "$AIRBYTE_ENTRYPOINT check --config /config/connectionConfiguration.json" > /config/jobOutput.json
echo $? > TEMP_EXIT_CODE.txt
mv TEMP_EXIT_CODE.txt exitCode.txt
"""


def on_the_platform(image: str, folder: Path, mounted_at: str, script: str) -> subprocess.Popen[bytes]:
    folder.chmod(0o777)
    return subprocess.Popen(
        ["docker", "run", "--rm", *TIGHT, "--network", "host", "--volume", f"{folder}:{mounted_at}", "--workdir", mounted_at,
         "--entrypoint", "/bin/sh", image, "-c", script],
        stdin=subprocess.DEVNULL,
    )


def test_a_sync_by_the_wrapper_of_the_platform(image: str, container: Connector, simulator: Simulator, tmp_path: Path) -> None:
    import os

    folder = tmp_path / "source"
    folder.mkdir()
    config = simulator.config()
    (folder / "connectorConfig.json").write_text(json.dumps(config))
    (folder / "catalog.json").write_text(json.dumps(configured(container.catalog(config))))
    pipes: dict[str, bytes] = {}
    readers = []
    for name in ("stdout", "stderr"):
        os.mkfifo(folder / name)
        (folder / name).chmod(0o666)
        readers.append(threading.Thread(target=lambda name=name: pipes.update({name: (folder / name).read_bytes()})))
        readers[-1].start()
    process = on_the_platform(image, folder, "/source", SYNC_SCRIPT)
    assert process.wait(timeout=120) == 0
    for reader in readers:
        reader.join(timeout=60)
    assert (folder / "exitCode.txt").read_text().strip() == "0"
    output = Output(0, checked_messages(pipes["stdout"]), pipes["stderr"].decode()).succeeded()
    assert len(output.data("events")) == simulator.truth()["events"]


def test_a_check_by_the_wrapper_of_the_platform(image: str, simulator: Simulator, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "connectionConfiguration.json").write_text(json.dumps(simulator.config()))
    assert on_the_platform(image, folder, "/config", CHECK_SCRIPT).wait(timeout=120) == 0
    assert (folder / "exitCode.txt").read_text().strip() == "0"
    output = Output(0, checked_messages((folder / "jobOutput.json").read_bytes()), "")
    assert output.one("CONNECTION_STATUS")["status"] == "SUCCEEDED"


def test_a_stop_of_the_container_is_heard_by_process_one(image: str, start_simulator: Any, tmp_path: Path) -> None:
    slow = start_simulator("--records", 5000, "--latency-ms", 300, "--first-day", 20260301, "--last-day", 20260310)
    tmp_path.chmod(0o755)
    name = f"engagement-stop-{slow.port}"
    command = ["docker", "run", "--rm", *TIGHT, "--network", "host", "--name", name, "--volume", f"{tmp_path}:{tmp_path}:ro", image]
    container = Connector(command, tmp_path)
    config = slow.config(end_date=20260310, batch_size=230)
    catalog = configured(Connector([word for word in command if word not in ("--name", name)], tmp_path).catalog(config))
    process = container.start(*container.read_arguments(config, catalog))
    first = process.stdout.readline()
    assert docker("kill", "--signal", "TERM", name).returncode == 0
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 143
    assert not [m for m in checked_messages(first + rest) if m["type"] == "TRACE" and m["trace"]["type"] == "ERROR"]
