"""A row that the gate withholds must not be told by a difference of tables either."""

import json
from datetime import date
from pathlib import Path

from pipelines.batch import Run, run_batch
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from schemas.policy import Policy
from schemas.records import TallyName
from tests.verify.conftest import crashes
from transforms.read import Listing
from transforms.scrub import Scrubber
from transforms.verify import verify_folder


def test_no_difference_tells_of_a_withheld_row(tmp_path: Path, scrubber: Scrubber) -> None:
    """25 installations by system: 13, 6, 6; by signature: 14, and 11 whose name is somebody's.

    Were rows compared before the last scan, 14 - 13 = 1 would tell of one crash.
    """
    events = [
        *crashes(0, "1.0", "Android", "openCart", range(14)),
        *crashes(0, "1.0", "Android", "call_jane.doe42", range(14, 25)),
    ]
    for number, event in enumerate(events):
        version = "15" if number < 13 else "14" if number < 19 else "13"
        event["contexts"] = {"os": {"name": "Android", "version": version}}
    (naming,) = crashes(0, "9.9", "iOS", "open", range(900, 901))
    naming["exception"] = {
        "values": [{"type": "Error", "value": "cannot open /home/jane.doe42/notes"}]
    }
    (tmp_path / "raw").mkdir()
    lines = "\n".join(map(json.dumps, [*events, naming]))
    (tmp_path / "raw" / "events.ndjson").write_text(lines)
    items = Listing(find_items([str(tmp_path / "raw")]))
    output = tmp_path / "published"
    run = Run(items, str(output), Policy(name="test"), date(2100, 1, 1))
    told = run_batch(run, split_arguments([])[1])
    assert told.of(TallyName.WITHHELD) == {"crashes_by_signature": 1}
    assert verify_folder(output, scrubber).findings == ()
