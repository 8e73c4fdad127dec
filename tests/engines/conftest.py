"""One fleet, and what the local runner publishes of it; each engine must publish the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.pubsub import Topic, new_topic, pubsub_server
from tests.engines.running import REPORTS, crashveil
from tests.keys import HEX_KEY


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What all runs share: a key, and a temporary folder that is looked at afterwards."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path_factory.mktemp("home")),
        "TMPDIR": str(tmp_path_factory.mktemp("tmp")),
        "CRASHVEIL_KEY": HEX_KEY,
    }


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """The folder of a simulated fleet's raw dumps."""
    raw = tmp_path_factory.mktemp("fleet") / "raw"
    crashveil("simulate", "--reports", REPORTS, "--output", raw, environment=environment)
    return raw


@pytest.fixture(scope="session")
def local(
    fleet: Path, tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]
) -> Path:
    """What the local runner publishes of the fleet."""
    output = tmp_path_factory.mktemp("local") / "out"
    crashveil("run", fleet, "--output", output, environment=environment)
    return output


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    """A topic with a subscription, on a server of its own, which PUBSUB_EMULATOR_HOST names."""
    with pubsub_server() as address:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", address)
        with new_topic() as made:
            yield made
