import gzip
import io
import json
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from pipelines.inputs import find_items
from pipelines.simulate import SimulateError, simulate
from pipelines.simulate.formats import FORMATS
from pipelines.simulate.packing import PACKINGS
from pipelines.simulate.personas import make_persona
from schemas.policy import Limits
from schemas.records import CrashReport, Failure, RawReport
from tests.folders import tree
from tests.leaks import Canary, read_canaries
from transforms.parse import parse_payload, recognized_format
from transforms.read import read_item

REPORTS = 1500
FREQUENT = {
    "minidump": "minidump",
    "apple_ips": "apple_ips",
    "tombstone": "android_tombstone",
    "sentry": "sentry_event",
}
"""The folders that hold most of a fleet, and as what their reports are read."""


def simulated(folder: Path, reports: int, seed: int) -> Path:
    simulate(reports, seed, folder / "raw", lambda _: None)
    return folder


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated(tmp_path_factory.mktemp("fleet"), REPORTS, 7)


@pytest.fixture(scope="module")
def canaries(fleet: Path) -> list[Canary]:
    return read_canaries(fleet / "canaries.jsonl")


@pytest.fixture(scope="module")
def parsed(fleet: Path) -> list[tuple[str, RawReport, CrashReport | Failure]]:
    found: list[tuple[str, RawReport, CrashReport | Failure]] = []
    for item in find_items([str(fleet / "raw")]):
        folder = Path(item.file.path).relative_to(fleet / "raw").parts[0]
        for raw in read_item(item, Limits(), lambda path: Path(path).read_bytes()):
            if isinstance(raw, RawReport):
                found += [(folder, raw, report) for report in parse_payload(raw, Limits())]
    return found


@pytest.fixture(scope="module")
def documents(fleet: Path) -> list[bytes]:
    """The bytes of each report, those of files of many one by one, packed ones as they are."""
    found: list[bytes] = []
    for folder in (fleet / "raw").iterdir():
        for path in report_files(fleet, folder.name):
            content = path.read_bytes()
            found += content.splitlines() if path.suffix == ".ndjson" else [content]
    return found


@pytest.fixture(scope="module")
def dumps(fleet: Path) -> list[bytes]:
    contents = [path.read_bytes() for path in report_files(fleet, "minidump")]
    whole = [content for content in contents if content[:4] == b"MDMP" and len(content) > 2000]
    assert len(whole) > 300
    return whole


def report_files(fleet: Path, folder: str) -> list[Path]:
    """The files of one format without sidecars."""
    paths = sorted(path for path in (fleet / "raw" / folder).rglob("*") if path.is_file())
    return [path for path in paths if folder == "sentry" or path.suffix != ".json"]


def streams_of(dump: bytes) -> dict[int, int]:
    """Where each stream of a minidump begins, by its type; all lie within the file."""
    signature, version, count, directory = struct.unpack_from("<4sIII", dump)
    assert (signature, version & 0xFFFF) == (b"MDMP", 0xA793)
    entries = [struct.unpack_from("<III", dump, directory + 12 * index) for index in range(count)]
    parts = sorted((offset, size) for _, size, offset in entries)
    assert all(one[0] + one[1] <= other[0] for one, other in pairwise(parts))
    assert sum(parts[-1]) <= len(dump)
    return {kind: offset for kind, _, offset in entries}


def files_below(folder: Path) -> dict[str, tuple[bytes, float]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def unpack(name: str, content: bytes) -> Iterator[bytes]:
    """What a file holds, by the standard library's readers."""
    if name.endswith(".zip"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        yield from (archive.read(each) for each in archive.namelist())
    elif name.endswith(".gz"):
        yield gzip.decompress(content)
    elif name.endswith(".zst"):
        yield pa.CompressedInputStream(pa.BufferReader(content), "zstd").read()
    else:
        yield content  # a tar has its members as they are


def holds(content: bytes, value: str) -> bool:
    return value.encode() in content or value.encode("utf-16-le") in content


def test_one_seed_gives_the_same_bytes_and_times(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = (simulated(tmp_path / name, 120, 3) for name in "ab")
    first_files, second_files = files_below(first), files_below(second)
    del first_files["canaries.jsonl"], second_files["canaries.jsonl"]  # written now
    assert first_files == second_files
    assert (first / "canaries.jsonl").read_bytes() == (second / "canaries.jsonl").read_bytes()


def test_another_seed_gives_other_reports_and_other_values(tmp_path, canaries):
    other = simulated(tmp_path, 120, 8)
    values = {canary.value for canary in read_canaries(other / "canaries.jsonl")}
    assert values
    assert not values & {canary.value for canary in canaries}


def test_every_planted_value_stands_in_its_file(fleet, canaries):
    contents = tree(fleet / "raw")
    assert len(canaries) > 8 * REPORTS
    unpacked = {name: b"".join(unpack(name, content)) for name, content in contents.items()}
    assert [canary for canary in canaries if not holds(unpacked[canary.file], canary.value)] == []
    assert canaries == sorted(canaries, key=lambda canary: canary.file)


def test_every_planted_value_is_listed_once_and_long_enough_not_to_occur_by_chance(canaries):
    values = [canary.value for canary in canaries]
    assert len(values) == len(set(values))
    assert min(map(len, values)) >= 10


@pytest.mark.parametrize("folder", FREQUENT)
def test_each_format_has_personal_data_of_many_kinds(canaries, folder):
    kinds = Counter(canary.kind for canary in canaries if canary.file.startswith(folder + "/"))
    wanted = {"user_name", "host_name", "mail_address", "ip_address", "comment", "device_id"}
    assert {kind for kind in wanted if kinds[kind] < 20} == set()


def test_a_persona_shares_no_value_with_another():
    random = Random(0)  # noqa: S311 - a repeatable test
    values = [value for n in range(2000) for _, value in make_persona(n, random).values()]
    assert len(values) == len(set(values))


def test_card_numbers_have_their_check_digit():
    random = Random(1)  # noqa: S311 - a repeatable test
    cards = [make_persona(serial, random).credit_card for serial in range(50)]
    for card in cards:
        digits = [int(digit) for digit in reversed(card)]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
        assert (sum(digits[::2]) + sum(doubled)) % 10 == 0


@pytest.mark.parametrize("folder", FREQUENT)
def test_files_are_recognized_by_their_content_but_for_a_few_broken_ones(fleet, folder):
    reports = report_files(fleet, folder)
    found = Counter(recognized_format(path.read_bytes()) for path in reports)
    assert found[FREQUENT[folder]] >= 0.97 * len(reports)
    assert len(reports) > 100


def test_a_fleet_holds_every_format_and_some_of_it_packed(tmp_path):
    fleet = simulated(tmp_path, 6000, 2)
    folders = {path.name for path in (fleet / "raw").iterdir()}
    assert folders == {*FORMATS, "packed"}
    endings = {path.suffix for path in (fleet / "raw" / "packed").rglob("*") if path.is_file()}
    assert {".gz", ".zst", ".zip", ".tar"} <= endings
    assert len(PACKINGS) == 4


def test_as_many_reports_are_written_as_asked_for(documents):
    assert len(documents) == REPORTS


def test_whole_reports_are_read_and_few_are_broken(parsed):
    failures = [report for _, _, report in parsed if isinstance(report, Failure)]
    assert 0 < len(failures) < 0.01 * REPORTS
    assert {failure.kind.value for failure in failures} <= {"truncated", "unknown_format"}


@pytest.mark.parametrize("folder", FREQUENT)
def test_reports_tell_what_is_counted(parsed, folder):
    reports = [
        (raw.annotations, report)
        for where, raw, report in parsed
        if where == folder and isinstance(report, CrashReport)
    ]
    assert len(reports) > 100
    for annotations, report in reports:
        assert report.format == FREQUENT[folder]
        assert report.product
        assert all((report.os_name, report.os_version, report.arch, report.frames))
        assert report.version or annotations["version"]
        assert report.install_id or annotations["install_id"]
        assert report.received_at is not None
        assert f"{report.received_at:%Y-%m-%d}" in {"2026-01-05", "2026-01-06", "2026-01-07"}


def test_crashpads_stream_tells_product_version_and_client(dumps):
    with_stream = [dump for dump in dumps if 0x43500001 in streams_of(dump)]
    clients = Counter()
    for dump in with_stream:
        start = streams_of(dump)[0x43500001]
        clients[dump[start + 20 : start + 36]] += 1
        _, dictionary = struct.unpack_from("<II", dump, start + 36)
        offsets = struct.unpack_from("<I", dump, dictionary)[0] * 2
        strings = [
            dump[at + 4 : at + 4 + struct.unpack_from("<I", dump, at)[0]].decode()
            for at in struct.unpack_from(f"<{offsets}I", dump, dictionary + 4)
        ]
        told = dict(zip(strings[::2], strings[1::2], strict=True))
        assert (told["prod"], told["ver"][0]) == ("Meridian", "7")
        assert told["channel"] in {"stable", "beta", "extended", "nightly", "dev"}
        assert told["ptype"] in {"browser", "renderer", "gpu-process", "utility"}
    assert len(with_stream) > 100
    assert len(clients) > 50


def test_stacks_of_minidumps_are_chained_from_register_to_last_frame(dumps):
    depths = []
    for dump in dumps:
        streams = streams_of(dump)
        modules = streams[4]
        bases = [
            struct.unpack_from("<Q", dump, modules + 4 + 108 * index)[0]
            for index in range(struct.unpack_from("<I", dump, modules)[0])
        ]
        start, size, at = struct.unpack_from("<QII", dump, streams[3] + 4 + 24)
        context = struct.unpack_from("<I", dump, streams[6] + 164)[0]
        is_arm64 = struct.unpack_from("<H", dump, streams[7])[0] == 12
        frame_pointer, pc = (8 + 29 * 8, 264) if is_arm64 else (160, 248)
        pointer = struct.unpack_from("<Q", dump, context + frame_pointer)[0]
        addresses = [struct.unpack_from("<Q", dump, context + pc)[0]]
        while start <= pointer < start + size:
            pointer, address = struct.unpack_from("<QQ", dump, at + pointer - start)
            addresses += [address] if address else []
        assert all(any(0 < address - base < 0x200000 for base in bases) for address in addresses)
        depths.append(len(addresses))
    assert min(depths) >= 5
    assert max(depths) <= 12


def test_some_users_refused_consent(fleet):
    contents = tree(fleet / "raw").values()
    refused = sum(b"denied" in content and b"consent" in content for content in contents)
    assert 3 < refused < 0.03 * REPORTS


def test_some_reports_are_sent_twice(documents):
    times = Counter(document for document in documents if document)
    assert 0.01 * REPORTS < sum(count == 2 for count in times.values()) < 0.04 * REPORTS
    assert max(times.values()) == 2


def test_few_versions_and_stacks_dominate_and_many_are_rare(parsed):
    reports = [
        report
        for folder, _, report in parsed
        if folder == "sentry" and isinstance(report, CrashReport)
    ]
    versions = Counter(report.version for report in reports)
    assert versions.most_common(1)[0][1] > 0.5 * len(reports)
    assert sum(times <= 3 for times in versions.values()) > 5
    places = Counter(report.frames[0] for report in reports)
    assert places.most_common(1)[0][1] > 0.03 * len(reports)
    assert sum(times <= 2 for times in places.values()) > 50


def test_one_installation_crashes_all_the_time_with_a_version_of_its_own(fleet):
    files = report_files(fleet, "minidump")
    version = "\\7.9.0-dev.3\\core.dll".encode("utf-16-le")
    flood = [file for file in files if version in file.read_bytes()]
    sidecars = [
        json.loads(file.with_suffix(".json").read_text("utf-8"))
        for file in flood
        if file.with_suffix(".json").exists()
    ]
    assert len(flood) > 0.025 * REPORTS
    assert len(sidecars) > 10
    assert len({sidecar["guid"] for sidecar in sidecars}) == 1


def test_minidumps_hold_the_streams_of_a_crash_and_half_of_them_crashpads(dumps):
    streams = [set(streams_of(dump)) for dump in dumps]
    assert all({3, 4, 5, 6, 7, 15} <= kinds for kinds in streams)
    assert 0.35 * len(dumps) < sum(0x43500001 in kinds for kinds in streams) < 0.65 * len(dumps)
    assert sum(0x47670005 in kinds for kinds in streams) > 10


def test_no_folder_has_more_than_2000_files(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.simulate.tree._STEMS_PER_FOLDER", 10)
    fleet = simulated(tmp_path, 300, 1)
    files = Counter(path.parent for path in (fleet / "raw").rglob("*") if path.is_file())
    assert max(files.values()) <= 20
    assert len(files) > 15


def test_progress_is_told_up_to_the_last_report(tmp_path):
    told: list[int] = []
    simulate(50, 0, tmp_path / "raw", told.append)
    assert told == sorted(told)
    assert told[-1] == 50


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SimulateError, match="not empty: choose another folder") as refused:
        simulate(5, 0, tmp_path, lambda _: None)
    assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert not (tmp_path.parent / "canaries.jsonl").exists()


def test_the_list_of_another_fleet_is_not_overwritten(tmp_path):
    simulate(5, 0, tmp_path / "a", lambda _: None)
    before = (tmp_path / "canaries.jsonl").read_bytes()
    told = r"canaries\.jsonl lists what is planted in another fleet: choose a folder elsewhere"
    with pytest.raises(SimulateError, match=told):
        simulate(5, 3, tmp_path / "b", lambda _: None)
    assert (tmp_path / "canaries.jsonl").read_bytes() == before
    assert not (tmp_path / "b").exists()


def test_an_output_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "raw").write_text("mine")
    with pytest.raises(SimulateError, match="raw"):
        simulate(5, 0, tmp_path / "raw", lambda _: None)


def test_sidecars_are_flat_objects_of_text(fleet):
    for folder in ("minidump", "apple_ips", "tombstone"):
        for path in (fleet / "raw" / folder).rglob("*.json"):
            annotations = json.loads(path.read_text("utf-8"))
            assert all(isinstance(value, str) for value in annotations.values())
            assert len(list(path.parent.glob(path.stem + ".*"))) == 2
