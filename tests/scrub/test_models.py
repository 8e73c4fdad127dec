"""Language models: names in prose, found by a tiny model that the test makes, and never fetched."""

import socket
import threading
from pathlib import Path

import pytest
import spacy
from presidio_analyzer import AnalyzerEngine

from schemas.policy import NO_MODEL
from schemas.records import CrashReport, Frame, Identity, IdentityKind
from transforms.scrub import ModelError, Scrubber, ScrubError, check_model, load_explainer, models
from transforms.scrub.analyzer import find_entities, load_analyzer
from transforms.scrub.finding import Finding
from transforms.scrub.scrubber import load_scrubber
from transforms.scrub.text_scrubber import WITHHELD

NAME = "Zorblax Quimby"
TEXT = f"lost the session of {NAME} at jane@example.org"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model that knows one person, one firm and one day by heart."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    language = spacy.blank("en")
    language.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]  # a ruler
        [
            {"label": "PERSON", "pattern": NAME},
            {"label": "ORG", "pattern": "Initech"},
            {"label": "DATE", "pattern": "yesterday"},
            {"label": "HOMEGROWN", "pattern": "whatever"},
        ]
    )
    language.to_disk(folder)
    return f"spacy:{folder}"


@pytest.fixture
def scrubber(model: str) -> Scrubber:
    return load_scrubber(model=model)


def test_a_name_in_prose_is_found_with_a_model_and_missed_without(scrubber: Scrubber) -> None:
    assert scrubber.scrub_text(TEXT).text == "lost the session of <PERSON> at <EMAIL_ADDRESS>"
    assert NAME in load_scrubber().scrub_text(TEXT).text


def test_only_message_and_reason_are_read_by_the_model(scrubber: Scrubber) -> None:
    report = CrashReport(
        format="test", product=NAME, exception_type=NAME, message=NAME, reason=f"by {NAME}",
        frames=(Frame(module=NAME, function=NAME, file=NAME),),
    )  # fmt: skip
    scrubbed = scrubber.scrub_report(report)
    assert (scrubbed.message, scrubbed.reason) == ("<PERSON>", "by <PERSON>")
    frame = scrubbed.frames[0]
    kept = (scrubbed.product, scrubbed.exception_type, frame.module, frame.function, frame.file)
    assert set(kept) == {NAME}
    assert scrubbed.redactions == {"PERSON": 2}


def test_firms_days_and_unknown_labels_are_left_alone(scrubber: Scrubber) -> None:
    text = "Initech said whatever yesterday"
    assert scrubber.scrub_text(text).text == text


def test_findings_are_plain_presidios_with_the_same_model(model: str) -> None:
    ours = load_analyzer(model)
    plain = AnalyzerEngine(
        registry=ours.registry, nlp_engine=ours.nlp_engine, default_score_threshold=0.4
    )
    for text in (TEXT, f"\u00fc {NAME}", "nobody", "card 4539 1488 0343 6467 of Initech"):
        expected = [
            Finding(each.entity_type, each.start, each.end, each.score)
            for each in plain.analyze(text, "en")
        ]
        assert find_entities(ours, text) == sorted(expected, key=lambda each: each.start)


def test_the_explanation_names_the_models_recognizer(model: str) -> None:
    (person, mail) = load_explainer(model).explain(TEXT).findings
    assert [each.recognizer for each in person.reasons] == ["SpacyRecognizer"]
    assert [each.recognizer for each in mail.reasons] == ["MailAddressRecognizer"]


@pytest.mark.parametrize("error", [ValueError(NAME), RecursionError(NAME), MemoryError()])
def test_prose_that_the_model_fails_on_is_withheld(
    model: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(models.SpacyNlpEngine, "process_text", fail)
    scrubber = load_scrubber(1, model)
    scrubbed = scrubber.scrub_report(CrashReport(format="test", product="p", message=TEXT))
    assert scrubbed.message == WITHHELD
    assert scrubbed.product == "p"
    assert scrubbed.redactions == {"WITHHELD": 1}
    named = [Identity(IdentityKind.USER_NAME, "quimby")]
    assert scrubber.scrub_text(TEXT, named).text == WITHHELD
    (finding,) = load_explainer(model).explain(TEXT, named).findings
    assert finding.finding.type == "WITHHELD"
    assert finding.reasons


def test_prose_for_which_the_model_takes_too_long_is_withheld(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    monkeypatch.setattr(models, "_SECONDS_FOR_A_TEXT", 0.01)
    monkeypatch.setattr(models.SpacyNlpEngine, "process_text", lambda *_: done.wait(20))
    assert load_scrubber(2, model).scrub_text(TEXT).text == WITHHELD
    done.set()


def test_the_words_that_a_model_has_read_are_forgotten_and_it_reads_on(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_MOST_NEW_STRINGS", 50)
    analyzer = load_analyzer(model)
    kept = []
    for number in range(60):
        (person,) = find_entities(analyzer, f"word{number}x of {NAME}")
        assert person.type == "PERSON"
        kept.append(len(analyzer.nlp_engine.nlp["en"].vocab.strings))
    assert max(kept) < kept[0] + 100
    assert sorted(kept) != kept


def test_what_fails_on_a_fact_withholds_that_fact_alone() -> None:
    def fail(_: str) -> list[object]:
        raise ScrubError

    scrubber = Scrubber(fail, find_in_prose=lambda _: [])  # type: ignore[arg-type]  # never returns
    crash = scrubber.scrub_report(CrashReport(format="test", product="p", message="read failed"))
    assert (crash.product, crash.message) == (WITHHELD, "read failed")


@pytest.mark.parametrize(
    ("missing", "advice"),
    [
        ("spacy:en_core_web_zz", "python -m spacy download en_core_web_zz"),
        ("spacy:/no/such/folder", "python -m spacy download"),
        ("stanza:zz", "presidio-analyzer[stanza]"),
        ("transformers:nobody/nothing", "hf download nobody/nothing"),
        ("gliner:nobody/nothing", "presidio-analyzer[gliner]"),
    ],
)
def test_a_missing_model_is_an_error_that_says_how_to_get_it_and_is_never_fetched(
    missing: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(spacy.cli, "download", refuse)
    for attempt in (check_model, load_analyzer):
        with pytest.raises(ModelError) as error:
            attempt(missing)
        assert advice in str(error.value)
        assert "\n" not in str(error.value)


def test_a_broken_model_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = [")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_analyzer(f"spacy:{tmp_path}")


def test_presidios_own_engine_would_fetch_the_missing_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the tests above guard against does happen where nothing prevents it."""
    fetched: list[str] = []
    monkeypatch.setattr(spacy.cli, "download", fetched.append)
    engine = models.SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "en_core_web_zz"}])
    with pytest.raises(OSError, match="en_core_web_zz"):
        engine.load()
    assert fetched == ["en_core_web_zz"]


def test_no_model_needs_nothing() -> None:
    check_model(NO_MODEL)
