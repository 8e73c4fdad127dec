"""A short run of `make mutate`, always the same."""

from random import Random

import pytest

from pipelines.simulate import simulate
from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport
from tests.parse.seeds import SEEDS
from tools.mutate import problems_of
from tools.mutations import mutated
from transforms.parse import go_panic, parse_payload

INPUTS = 1_500


@pytest.fixture(scope="module")
def whole_reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fleet") / "raw"
    simulate(60, 1, folder, lambda _: None)
    written = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return [*SEEDS.values(), *written]


def test_broken_reports_are_survived(whole_reports):
    random = Random(7)  # noqa: S311 - a repeatable test, no secret
    for number in range(INPUTS):
        whole, other = random.choice(whole_reports), random.choice(whole_reports)
        results = list(parse_payload(RawReport("x", mutated(whole, other, random)), Limits()))
        assert results, (number, "swallowed")
        for result in results:
            failed = isinstance(result, Failure) and result.kind is FailureKind.PARSER_ERROR
            assert not failed, (number, result)


def test_a_parser_that_fails_is_told(monkeypatch):
    panic = b"panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1\n"
    assert problems_of(panic) == []
    monkeypatch.setattr(go_panic, "parse", lambda _raw, _limits: iter([1 / 0]))
    assert problems_of(panic) == ["parser error in go_panic"]


def test_mutations_differ_from_the_whole_report_and_are_bounded():
    random = Random(7)  # noqa: S311 - a repeatable test, no secret
    found = {mutated(SEEDS["apple_ips"], SEEDS["sentry_event"], random) for _ in range(300)}
    assert len(found) > 250
    assert max(map(len, found)) <= 256 * 1024
