"""What an engine prints of a step that fails while it holds a report."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import apache_beam as beam
import pytest

import transforms.ptransforms.signing
from pipelines.batch import Run, run_batch
from pipelines.engine import EngineError, run_pipeline
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from schemas.policy import Policy
from transforms.read import Listing

CANARY = "zanzibar.q9x7@example.org"
MODES = [[], ["--direct_running_mode=multi_threading", "--direct_num_workers=2"]]


@pytest.fixture(autouse=True)
def _ended_readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Beam's threads that read from workers may fail too, late: that is printed, and waited for."""
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    yield
    for thread in threading.enumerate():
        if thread.name.startswith("read_grpc_client_inputs"):
            thread.join(timeout=10)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    report = {
        "format": "crashveil/1",
        "report_id": "1",
        "install_id": CANARY,
        "received_at": "2026-01-05T10:00:00Z",
        "product": "Paint",
        "message": f"cannot reach {CANARY}",
        "frames": [{"module": "libpaint.so", "function": "draw"}],
    }
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_text(json.dumps(report))
    items = Listing(find_items([str(tmp_path / "in")]))
    return Run(items, str(tmp_path / "out"), Policy(name="test"), date(2100, 1, 1))


@pytest.mark.parametrize("mode", MODES, ids=["in memory", "threads"])
@pytest.mark.parametrize(
    "text", [CANARY, f"PublishError: {CANARY}", f"\nPublishError: {CANARY}"], ids=repr
)
def test_a_step_that_fails_tells_where_and_nothing_of_the_report(
    run: Run,
    mode: list[str],
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(transforms.ptransforms.signing, "sign", failing)
    with pytest.raises(EngineError) as caught:
        run_batch(run, split_arguments(mode)[1])
    shown = capfd.readouterr()
    assert CANARY not in str(caught.value) + shown.out + shown.err
    assert "no further period was published" in str(caught.value)


def test_beam_prints_what_a_step_raises_that_is_not_guarded(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """So the test above looks where the leak would be."""

    def failing(_: int) -> None:
        raise RuntimeError(CANARY)

    with pytest.raises(EngineError):
        run_pipeline(
            lambda pipeline: pipeline | beam.Create([1]) | beam.Map(failing),  # type: ignore[arg-type,return-value]
            split_arguments(MODES[1])[1],
        )
    assert CANARY in capfd.readouterr().err
