"""Airbyte's own standard tests for connector images.

pytest -p airbyte_cdk.test.standard_tests.pytest_hooks --connector-image airbyte/source-sprinklr:dev \\
    --read-scenarios all --read-from-streams all
"""

from __future__ import annotations

import pytest
from airbyte_cdk.test.standard_tests.docker_base import DockerConnectorTestSuite


class TestAirbyteStandards(DockerConnectorTestSuite):
    @pytest.mark.skip(reason="compares with the version in Airbyte's public registry, which has no source-sprinklr")
    def test_docker_image_spec_backward_compatibility(self) -> None:
        """The one test of the suite that needs a network."""
