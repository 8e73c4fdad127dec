"""Language models that find names in running text, by Presidio's own configuration of them.

A model is written `ENGINE:NAME`, such as `spacy:en_core_web_lg`, or `no_op` for none. It is never
downloaded: one that is not on this machine is an error that says how to get it.
"""

import os
import threading
from collections.abc import Callable
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
    stanza_nlp_engine,
)
from presidio_analyzer.predefined_recognizers import GLiNERRecognizer
from presidio_analyzer.predefined_recognizers.ner import gliner_recognizer

from schemas.policy import NO_MODEL

Result = TypeVar("Result")

_SECONDS_FOR_A_TEXT = 30.0
"""A model takes far under a second for the longest text that a report may hold."""

_MOST_NEW_STRINGS = 200_000
"""spaCy keeps every word that it ever read, some 0.5 KB each with its shape and prefixes."""

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
    if model != NO_MODEL:
        _found(model)


def load_model(model: str, language: str) -> tuple[NlpEngine, tuple[EntityRecognizer, ...]]:
    """Return Presidio's engine for a model, and the recognizers that make findings of it.

    Raises:
        ModelError: it is not here, or cannot be loaded.
    """
    if model == NO_MODEL:
        return _no_engine(language), ()
    engine, place = _found(model)
    try:
        if engine == "gliner":
            return _no_engine(language), (_Gliner(place),)
        loaded = NlpEngineProvider(
            nlp_engines=(_Spacy, _Stanza, _Transformers),
            nlp_configuration=_configuration(engine, place, language),
        ).create_engine()
    except Exception as error:  # noqa: BLE001 - each library has errors of its own
        raise ModelError(f"{model}: cannot be loaded ({type(error).__name__})") from None
    return loaded, ()


def _no_engine(language: str) -> NlpEngine:
    return NoOpNlpEngine(models=[{"lang_code": language, "model_name": ""}])


def _configuration(engine: str, place: str, language: str) -> dict[str, Any]:
    """Return what Presidio's NLP configuration files hold for a model."""
    # A transformer brings its own tokens; spaCy only has to cut the text into words beside it.
    named = {"spacy": _BLANK, "transformers": place} if engine == "transformers" else place
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
    """Presidio's engine, in time, without a download, and in bounded memory."""

    nlp: Any

    @staticmethod
    def _download_spacy_model_if_needed(model_name: str) -> None:
        if model_name != _BLANK and not _is_spacy_model(model_name):
            raise ModelError

    def load(self) -> None:
        super().load()
        self._most_strings = {
            language: len(model.vocab.strings) + _MOST_NEW_STRINGS
            for language, model in self.nlp.items()
        }

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        if len(self.nlp[language].vocab.strings) > self._most_strings[language]:
            self._forget_words()
        return _in_time(lambda: super(_Spacy, self).process_text(text, language))

    def _forget_words(self) -> None:
        """Load the model again; whoever reads with the old one in another thread may finish."""
        fresh = type(self)(self.models, self.ner_model_configuration)
        fresh.load()
        self.nlp, self._most_strings = fresh.nlp, fresh._most_strings  # noqa: SLF001 - its own


class _Transformers(_Spacy, TransformersNlpEngine):
    """Presidio's engine, in time and without a download."""


class _Refuses:
    """Stands for the module `warnings` where Presidio warns that it drops what Stanza found.

    The warning would hold the whole text.
    """

    @staticmethod
    def warn(*_: object, **__: object) -> None:
        raise ValueError("names were found, and their places are not known")


class _Stanza(_Spacy, StanzaNlpEngine):
    """Presidio's engine, in time, without a download, and with nothing dropped."""

    def __init__(self, models: Any = None, ner_model_configuration: Any = None) -> None:
        StanzaNlpEngine.__init__(self, models, ner_model_configuration, download_if_missing=False)
        vars(stanza_nlp_engine)["warnings"] = _Refuses


class _Gliner(GLiNERRecognizer):
    """Presidio's recognizer, in time and without a download."""

    def __init__(self, folder: str) -> None:
        super().__init__(entity_mapping=_GLINER_LABELS, model_name=folder, local_files_only=True)

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        wanted = [each for each in entities if each in self.supported_entities]
        return _in_time(lambda: GLiNERRecognizer.analyze(self, text, wanted, nlp_artifacts))


def _is_spacy_model(name: str) -> bool:
    return bool(spacy.util.is_package(name)) or (Path(name) / "config.cfg").is_file()


def _find_spacy_model(name: str) -> str | None:
    return name if _is_spacy_model(name) else None


def _find_stanza_model(name: str) -> str | None:
    if not StanzaNlpEngine.is_available:
        return None
    return name if (Path(vars(stanza_nlp_engine)["DEFAULT_MODEL_DIR"]) / name).is_dir() else None


def _find_transformer(name: str) -> str | None:
    return _hub_folder(name) if TransformersNlpEngine.is_available else None


def _find_gliner_model(name: str) -> str | None:
    return _hub_folder(name) if vars(gliner_recognizer)["GLiNER"] else None


def _hub_folder(name: str) -> str | None:
    """Return the folder of a model, which may be in the Hugging Face hub's cache.

    A folder's name lets the libraries ask the hub for nothing. Source for the layout: the hub's
    documentation, "Understand caching".
    """
    if Path(name).is_dir():
        return name
    home = os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface"
    cache = Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub")
    model = cache / f"models--{name.replace('/', '--')}"
    try:
        folder = model / "snapshots" / (model / "refs" / "main").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return str(folder) if folder.is_dir() else None


_FIND: dict[str, Callable[[str], str | None]] = {
    "spacy": _find_spacy_model,
    "stanza": _find_stanza_model,
    "transformers": _find_transformer,
    "gliner": _find_gliner_model,
}
"""What the libraries are to load for a model's name, None if it is not here."""

_HOW_TO_GET = {
    "spacy": "python -m spacy download {name}",
    "stanza": "pip install 'presidio-analyzer[stanza]' && "
    "python -c 'import stanza; stanza.download(\"{name}\")'",
    "transformers": "pip install 'presidio-analyzer[transformers]' && hf download {name}",
    "gliner": "pip install 'presidio-analyzer[gliner]' && hf download {name}",
}


def _found(model: str) -> tuple[str, str]:
    """Return a model's engine, and what its library is to load."""
    engine, _, name = model.partition(":")
    place = _FIND[engine](name)
    if place is None:
        how = _HOW_TO_GET[engine].format(name=name)
        raise ModelError(f"{model}: is not on this machine, and crashveil downloads nothing: {how}")
    return engine, place
