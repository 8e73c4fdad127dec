"""Stanza, Transformers and GLiNER: what Presidio asks of them; stand-ins take their places."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from presidio_analyzer.nlp_engine import (
    StanzaNlpEngine,
    TransformersNlpEngine,
    huggingface_token_pipe,
    stanza_nlp_engine,
)
from presidio_analyzer.predefined_recognizers.ner import gliner_recognizer

from transforms.scrub import Scrubber, check_model
from transforms.scrub.analyzer import find_entities, load_analyzer
from transforms.scrub.text_scrubber import WITHHELD

NAME = "Zorblax Quimby"
TEXT = f"the cart of {NAME} is empty"
CLEAN = "the cart of <PERSON> is empty"
START = TEXT.index(NAME)
PLACE = {"start": START, "end": START + len(NAME), "score": 0.9}


def scrubber_with(model: str) -> Scrubber:
    analyzer = load_analyzer(model)

    def find(text: str) -> Any:
        return find_entities(analyzer, text)

    return Scrubber(find, find_in_prose=find)


@pytest.fixture
def cached_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model org/tiny in a cache of the hub's layout; its folder."""
    model = tmp_path / "hub" / "models--org--tiny"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text("c0ffee")
    (model / "snapshots" / "c0ffee").mkdir(parents=True)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    return model / "snapshots" / "c0ffee"


def fake_transformers(monkeypatch: pytest.MonkeyPatch, read: Callable[[str], Any]) -> list[Any]:
    asked: list[Any] = []

    def pipeline(**options: Any) -> Callable[[str], Any]:
        asked.append(options["model"])
        return read

    monkeypatch.setattr(huggingface_token_pipe, "hf_pipeline", pipeline)
    monkeypatch.setattr(huggingface_token_pipe, "_pipeline_device", lambda: -1)
    monkeypatch.setattr(TransformersNlpEngine, "is_available", True)
    return asked


def test_a_transformer_is_loaded_from_its_folder_in_the_cache_and_finds_names(
    cached_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = fake_transformers(monkeypatch, lambda _: [{"entity_group": "PER", **PLACE}])
    check_model("transformers:org/tiny")
    assert scrubber_with("transformers:org/tiny").scrub_text(TEXT).text == CLEAN
    assert asked == [str(cached_model)]


@pytest.mark.usefixtures("cached_model")
def test_prose_that_presidio_would_skip_since_a_transformer_failed_is_withheld(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: str) -> None:
        raise RuntimeError

    fake_transformers(monkeypatch, fail)
    assert scrubber_with("transformers:org/tiny").scrub_text(TEXT).text == WITHHELD


def test_a_gliner_model_is_loaded_from_its_folder_and_asked_for_people_and_places(
    cached_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    class Gliner:
        @classmethod
        def from_pretrained(cls, name: str, **options: Any) -> "Gliner":
            asked.append((name, options["local_files_only"]))
            return cls()

        def predict_entities(self, labels: list[str], **_: Any) -> list[dict[str, Any]]:
            asked.append(sorted(labels))
            return [{"label": "person", **PLACE}]

    monkeypatch.setattr(gliner_recognizer, "GLiNER", Gliner)
    assert scrubber_with("gliner:org/tiny").scrub_text(TEXT).text == CLEAN
    assert asked == [(str(cached_model), True), ["city", "location", "name", "person"]]


@pytest.fixture
def stanza(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A stand-in for Stanza that has English; what it is asked to load."""
    asked: list[Any] = []

    def load_pipeline(name: str, **options: Any) -> spacy.Language:
        asked.append((name, options["download_method"]))
        language = spacy.blank("en")
        language.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": NAME}])  # type: ignore[attr-defined]  # a ruler
        return language

    (tmp_path / "en").mkdir()
    monkeypatch.setitem(vars(stanza_nlp_engine), "DEFAULT_MODEL_DIR", str(tmp_path))
    monkeypatch.setitem(vars(stanza_nlp_engine), "warnings", None)
    monkeypatch.setattr(stanza_nlp_engine, "load_pipeline", load_pipeline)
    monkeypatch.setattr(StanzaNlpEngine, "is_available", True)
    return asked


def test_stanza_is_told_to_download_nothing_and_finds_names(stanza: list[Any]) -> None:
    assert scrubber_with("stanza:en").scrub_text(TEXT).text == CLEAN
    assert stanza == [("en", None)]


@pytest.mark.usefixtures("stanza")
def test_prose_in_which_presidio_would_drop_what_stanza_found_is_withheld(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scrubber = scrubber_with("stanza:en")

    def drop(*_: object) -> None:
        vars(stanza_nlp_engine)["warnings"].warn(f"Can't set named entities: {NAME}", stacklevel=4)

    monkeypatch.setattr(StanzaNlpEngine, "_get_entities", drop)
    assert scrubber.scrub_text(TEXT).text == WITHHELD
