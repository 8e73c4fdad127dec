"""One small published output a session, made by the real pipeline, and copies to tamper with."""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipelines.batch import Run, run_batch
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from schemas.policy import Policy
from tests.verify.tampering import CANARY
from transforms.read import Listing
from transforms.scrub import Scrubber, load_scrubber
from transforms.verify import parse_canaries, verify_folder

_FIRST_DAY = 1_767_607_200
"""2026-01-05, 10:00 UTC."""


def crashes(
    day: int, version: str, system: str, function: str, installs: range
) -> list[dict[str, object]]:
    return [
        {
            "event_id": hashlib.md5(
                f"{day} {function} {install}".encode(), usedforsecurity=False
            ).hexdigest(),
            "timestamp": _FIRST_DAY + day * 86_400,
            "user": {"id": f"install-{install}"},
            "release": f"shop@{version}",
            "contexts": {"os": {"name": system, "version": "15"}},
            "exception": {
                "values": [
                    {
                        "type": "PaymentError",
                        "value": "the cart is empty",
                        "stacktrace": {
                            "frames": [{"function": function, "module": "shop.cart", "lineno": 7}]
                        },
                    }
                ]
            },
        }
        for install in installs
    ]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days: on the first, two versions, two systems and two signatures; fewer on the second."""
    folder = tmp_path_factory.mktemp("verify")
    events = [
        *crashes(0, "1.0", "Android", "openCart", range(14)),
        *crashes(0, "1.0", "Android", "payBill", range(100, 112)),
        *crashes(0, "1.1", "iOS", "openCart", range(200, 220)),
        *crashes(0, "1.2", "iOS", "openCart", range(300, 303)),
        *crashes(1, "1.0", "Android", "openCart", range(15)),
    ]
    (folder / "raw").mkdir()
    (folder / "raw" / "events.ndjson").write_text("\n".join(map(json.dumps, events)))
    items = Listing(find_items([str(folder / "raw")]))
    output = folder / "published"
    run = Run(items, str(output), Policy(name="test"), date(2100, 1, 1))
    run_batch(run, split_arguments([])[1])
    return output


@pytest.fixture
def output(published: Path, tmp_path: Path) -> Path:
    """A copy of the published output."""
    copy: Path = shutil.copytree(published, tmp_path / "published")
    return copy


@pytest.fixture(scope="session")
def scrubber() -> Scrubber:
    return load_scrubber()


@pytest.fixture(scope="session")
def tree_head(published: Path, scrubber: Scrubber) -> str:
    """The log's tree head before anybody tampered; nothing is wrong then."""
    report = verify_folder(published, scrubber, parse_canaries(CANARY))
    assert report.findings == ()
    return report.tree_head
