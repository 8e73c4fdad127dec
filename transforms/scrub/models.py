"""Language models that find names in running text, by Presidio's own configuration of them.

A model is written `ENGINE:NAME`, such as `spacy:en_core_web_lg`, or `no_op` for none. It is never
downloaded: one that is not on this machine is an error that says how to get it.
"""

import os
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import spacy
from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import (
    NlpArtifacts,
    NlpEngine,
    NlpEngineProvider,
    NoOpNlpEngine,
    SpacyNlpEngine,
    StanzaNlpEngine,
    TransformersNlpEngine,
)
from presidio_analyzer.predefined_recognizers import GLiNERRecognizer

from schemas.policy import NO_MODEL

Result = TypeVar("Result")

_SECONDS_FOR_A_TEXT = 30.0
"""A model takes far under a second for the longest text that a report may hold."""

_ENTITY_OF_LABEL = {
    "PERSON": "PERSON", "PER": "PERSON", "PATIENT": "PERSON", "STAFF": "PERSON", "HCW": "PERSON",
    "LOCATION": "LOCATION", "LOC": "LOCATION", "GPE": "LOCATION", "FAC": "LOCATION",
    "FACILITY": "LOCATION", "HOSPITAL": "LOCATION", "HOSP": "LOCATION",
    "NORP": "NRP", "NRP": "NRP", "AGE": "AGE",
    "EMAIL": "EMAIL_ADDRESS", "PHONE": "PHONE_NUMBER",
}  # fmt: skip
"""The labels that tell of a person, as the schemes of OntoNotes, CoNLL and i2b2 write them."""

_IGNORED_LABELS = [
    "O", "ORG", "ORGANIZATION", "PATORG", "VENDOR", "DATE", "TIME", "DATE_TIME", "ID", "MISC",
    "CARDINAL", "EVENT", "LANGUAGE", "LAW", "MONEY", "ORDINAL", "PERCENT", "PRODUCT", "QUANTITY",
    "WORK_OF_ART",
]  # fmt: skip
"""What models see in crash text everywhere, and what names nobody; ids are found by pattern."""

_GLINER_LABELS = {"person": "PERSON", "name": "PERSON", "location": "LOCATION", "city": "LOCATION"}
"""GLiNER takes any words for labels."""


class ModelError(ValueError):
    """A model that is not here or cannot be loaded; one line that says how to get it."""


def check_model(model: str) -> None:
    """Refuse a model that is not on this machine, without loading it.

    Raises:
        ModelError: its library or its files are missing.
    """
    engine, _, name = model.partition(":")
    if model != NO_MODEL and not _IS_HERE[engine](name):
        raise _missing(model)


def load_model(model: str, language: str) -> tuple[NlpEngine, tuple[EntityRecognizer, ...]]:
    """Return Presidio's engine for a model, and the recognizers that make findings of it.

    Raises:
        ModelError: it is not here, or cannot be loaded.
    """
    check_model(model)
    if model == NO_MODEL:
        return _no_engine(language), ()
    # Both libraries would ask the network for a newer version; they read this when imported.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1")
    engine, _, name = model.partition(":")
    try:
        if engine == "gliner":
            return _no_engine(language), (_Gliner(name),)
        loaded = NlpEngineProvider(
            nlp_engines=(_Spacy, _Stanza, _Transformers),
            nlp_configuration=_configuration(engine, name, language),
        ).create_engine()
    except Exception as error:  # noqa: BLE001 - each library has errors of its own
        raise ModelError(f"{model}: cannot be loaded ({type(error).__name__})") from None
    return loaded, ()


def _no_engine(language: str) -> NlpEngine:
    return NoOpNlpEngine(models=[{"lang_code": language, "model_name": ""}])


def _configuration(engine: str, name: str, language: str) -> dict[str, Any]:
    """Return what Presidio's NLP configuration files hold for a model."""
    # A transformer brings its own tokens; spaCy only has to cut the text into words beside it.
    named = {"spacy": _BLANK, "transformers": name} if engine == "transformers" else name
    return {
        "nlp_engine_name": engine,
        "models": [{"lang_code": language, "model_name": named}],
        "ner_model_configuration": {
            "model_to_presidio_entity_mapping": _ENTITY_OF_LABEL,
            "labels_to_ignore": _IGNORED_LABELS,
        },
    }


_BLANK = "blank:en"


def _in_time(work: Callable[[], Result]) -> Result:
    """Return what `work` returns; a thread that is still at it is left behind.

    Raises:
        TimeoutError: it took too long.
        Exception: whatever it raised.
    """
    results: list[Result] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(_SECONDS_FOR_A_TEXT)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]


class _Spacy(SpacyNlpEngine):
    """Presidio's engine, in time and without a download."""

    @staticmethod
    def _download_spacy_model_if_needed(model_name: str) -> None:
        if model_name != _BLANK and not _is_spacy_model(model_name):
            raise ModelError

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        return _in_time(lambda: super(_Spacy, self).process_text(text, language))


class _Transformers(_Spacy, TransformersNlpEngine):
    """Presidio's engine, in time and without a download."""


class _Stanza(_Spacy, StanzaNlpEngine):
    """Presidio's engine, in time and without a download."""

    def __init__(self, models: Any = None, ner_model_configuration: Any = None) -> None:
        StanzaNlpEngine.__init__(self, models, ner_model_configuration, download_if_missing=False)


class _Gliner(GLiNERRecognizer):
    """Presidio's recognizer, in time and without a download."""

    def __init__(self, model: str) -> None:
        super().__init__(
            entity_mapping=_GLINER_LABELS, model_name=model, name="GLiNERRecognizer",
            local_files_only=True,
        )  # fmt: skip

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        wanted = [each for each in entities if each in self.supported_entities]
        return _in_time(lambda: GLiNERRecognizer.analyze(self, text, wanted, nlp_artifacts))


def _is_spacy_model(name: str) -> bool:
    return bool(spacy.util.is_package(name)) or (Path(name) / "config.cfg").is_file()


def _is_stanza_model(name: str) -> bool:
    if find_spec("stanza") is None:
        return False
    resources = os.environ.get("STANZA_RESOURCES_DIR") or Path.home() / "stanza_resources"
    return (Path(resources) / name).is_dir()


def _is_hub_model(library: str) -> Callable[[str], bool]:
    """Return what tells whether a model is a folder, or in the Hugging Face hub's cache.

    Source: the hub's documentation, "Understand caching".
    """

    def is_here(name: str) -> bool:
        home = os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface"
        cached = Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub")
        folders = Path(name), cached / f"models--{name.replace('/', '--')}"
        return find_spec(library) is not None and any(folder.is_dir() for folder in folders)

    return is_here


_IS_HERE: dict[str, Callable[[str], bool]] = {
    "spacy": _is_spacy_model,
    "stanza": _is_stanza_model,
    "transformers": _is_hub_model("transformers"),
    "gliner": _is_hub_model("gliner"),
}

_HOW_TO_GET = {
    "spacy": "python -m spacy download {name}",
    "stanza": "pip install 'presidio-analyzer[stanza]' && "
    "python -c 'import stanza; stanza.download(\"{name}\")'",
    "transformers": "pip install 'presidio-analyzer[transformers]' && hf download {name}",
    "gliner": "pip install 'presidio-analyzer[gliner]' && hf download {name}",
}


def _missing(model: str) -> ModelError:
    engine, _, name = model.partition(":")
    how = _HOW_TO_GET[engine].format(name=name)
    return ModelError(f"{model}: is not on this machine, and is never downloaded by itself: {how}")
