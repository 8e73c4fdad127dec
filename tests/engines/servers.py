"""Programs that the engine tests start on loopback, and stop again."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = Path(os.environ.get("CRASHVEIL_ENGINES", ".venv/engines")).resolve()


def program(name: str) -> str:
    """Return the path of a program that `make test-engines` installs, or skip the test."""
    path = PROGRAMS / name
    if not path.is_file():
        pytest.skip(f"{name} is not here: make test-engines installs it, with Go")
    return str(path)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(command: list[str], port: int) -> Iterator[None]:
    """Run a server until the block ends."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until a server takes connections."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"a server did not open port {port}")
