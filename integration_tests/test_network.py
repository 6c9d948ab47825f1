"""TLS with an authority of one's own, and proxies, as the environment sets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.connector import Connector, configured
from support.simulator import Simulator
from support.tls import TlsFront, TunnelProxy, make_authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def front(authority: tuple[Path, Path], simulator: Simulator) -> Iterator[TlsFront]:
    with TlsFront(authority[1], simulator.port) as server:
        yield server


def test_a_read_over_tls_with_a_custom_authority(
    binary: Path, tmp_path: Path, authority: tuple[Path, Path], front: TlsFront, simulator: Simulator
) -> None:
    connector = Connector([binary], tmp_path, {"SSL_CERT_FILE": str(authority[0])})
    config = simulator.config(api_base_url=front.url, event_name="Charged")
    output = connector.read(config, configured(connector.catalog(config), streams=["events"])).succeeded()
    assert len(output.data("events")) == simulator.truth(event="Charged")["events"]


def test_a_certificate_of_an_unknown_authority_is_refused(
    binary: Path, tmp_path: Path, front: TlsFront, simulator: Simulator
) -> None:
    connector = Connector([binary], tmp_path)
    output = connector.check(simulator.config(api_base_url=front.url, retry_seconds=1))
    assert not [status for status in output.of("CONNECTION_STATUS") if status["status"] == "SUCCEEDED"]
    said = output.of("CONNECTION_STATUS") + output.traces("ERROR")
    assert "certificate" in said[0]["message"].lower()
    assert simulator.requests() == []  # the credentials were never sent


def test_plain_http_to_another_host_than_loopback_is_refused(binary: Path, tmp_path: Path, simulator: Simulator) -> None:
    connector = Connector([binary], tmp_path)
    status = connector.check(simulator.config(api_base_url="http://192.0.2.1")).one("CONNECTION_STATUS")
    assert status["status"] == "FAILED"
    assert "https" in status["message"]


@pytest.mark.parametrize(
    ("region", "host"),
    [("", "api.clevertap.com"), ("eu1", "api.clevertap.com")]
    + [(region, f"{region}.api.clevertap.com") for region in ("in1", "sg1", "us1", "sk1", "aps3", "mec1")],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_each_region_has_its_host_and_https_goes_through_the_proxy(
    binary: Path,
    tmp_path: Path,
    authority: tuple[Path, Path],
    front: TlsFront,
    simulator: Simulator,
    variable: str,
    region: str,
    host: str,
) -> None:
    with TunnelProxy(front.port) as proxy:
        connector = Connector([binary], tmp_path, {"SSL_CERT_FILE": str(authority[0]), variable: proxy.url})
        output = connector.check(simulator.config(api_base_url=None, region=region)).succeeded()
        assert output.one("CONNECTION_STATUS")["status"] == "SUCCEEDED"
        assert set(proxy.targets) == {f"{host}:443"}


@pytest.mark.parametrize("url", ["https://vendor.invalid", "https://127.0.0.1:{port}"])
def test_no_proxy_and_loopback_go_around_it(
    binary: Path, tmp_path: Path, authority: tuple[Path, Path], front: TlsFront, simulator: Simulator, url: str
) -> None:
    with TunnelProxy(front.port) as proxy:
        environment = {"SSL_CERT_FILE": str(authority[0]), "HTTPS_PROXY": proxy.url, "NO_PROXY": "vendor.invalid"}
        connector = Connector([binary], tmp_path, environment)
        config = simulator.config(api_base_url=url.format(port=front.port), retry_seconds=1)
        assert connector.check(config).exit_code == (1 if "invalid" in url else 0)  # no one can resolve that name
        assert proxy.targets == []
        del connector.environment["NO_PROXY"]
        assert connector.check(config).exit_code == 0
        assert bool(proxy.targets) == ("invalid" in url)
