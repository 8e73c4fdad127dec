"""Write the list of entities in `docs/scrubbing.md`: each recognizer, its patterns, and an example.

.venv/bin/python -m tools.scrub_docs
"""

from collections.abc import Iterable
from typing import Final

from presidio_analyzer import EntityRecognizer, PatternRecognizer

from tools.folders import ROOT
from tools.sections import with_section
from transforms.scrub.analyzer import find_entities, load_analyzer

DOCUMENT: Final = ROOT / "docs" / "scrubbing.md"

EXAMPLES: Final = {
    "ACCOUNT": "login failed, username=jdoe",
    "API_KEY": "key AKIAQ3EGRIJKZ7ABCD2X",
    "CREDIT_CARD": "card 4539 1488 0343 6467",
    "CRYPTO": "pay 0x52908400098527886E0F7030069857D2E4169EE7",
    "DEVICE_ID": "imei 490154203237518",
    "EMAIL_ADDRESS": "mail to jane@example.org",
    "HASH": "hash 5f2b8c9d0e1f4a3b6c7d8e9f0a1b2c3d",
    "HOST_NAME": "on DESKTOP-4F7K2QX",
    "IBAN_CODE": "from DE89370400440532013000",
    "IP_ADDRESS": "peer 203.0.113.77",
    "LOCATION": "at 52.516275, 13.377704",
    "MAC_ADDRESS": "link 3c:22:fb:7a:90:1e",
    "NETWORK_NAME": "ssid=Doe-Family",
    "PASSWORD": "my password is swordfish",
    "PHONE_NUMBER": "call +49 30 901820",
    "PRIVATE_KEY": "-----BEGIN PRIVATE KEY----- MIIB",
    "URL": "get https://intra.example.org/u/jane",
    "US_SSN": "ssn 219-09-9998",
    "USER_NAME": "open /home/jane/mail",
    "UUID": "id 7d9f2c51-3a4e-4f0b-9b1c-52d8e6a7f013",
    "WINDOWS_SID": "S-1-5-21-3623811015-3361044348-30300820-1013",
}
"""For each entity a text that holds it, and holds nothing else. All values are made up."""


def entities_text() -> str:
    """Return a section for each entity of the registry: an example, recognizers and patterns."""
    analyzer = load_analyzer()
    recognizers: dict[str, list[EntityRecognizer]] = {}
    for recognizer in analyzer.registry.recognizers:
        for entity in recognizer.supported_entities:
            recognizers.setdefault(entity, []).append(recognizer)
    sections = []
    for entity, finders in sorted(recognizers.items()):
        text = EXAMPLES[entity]
        (finding,) = find_entities(analyzer, text)
        shown = f"{text[: finding.start]}<{finding.type}>{text[finding.end :]}"
        lines = [f"- `{text}` becomes `{shown}`", *map(_recognizer_line, _by_name(finders))]
        sections.append(f"### `{entity}`\n\n" + "\n".join(lines))
    return "\n\n".join(sections)


def _by_name(recognizers: Iterable[EntityRecognizer]) -> list[EntityRecognizer]:
    return sorted(recognizers, key=_name)


def _name(recognizer: EntityRecognizer) -> str:
    return str(recognizer.to_dict()["name"])


def _recognizer_line(recognizer: EntityRecognizer) -> str:
    if not isinstance(recognizer, PatternRecognizer):
        return f"- {_name(recognizer)}"
    told = recognizer.to_dict()["patterns"]
    patterns = ", ".join(f"{each['name']} ({each['score']:g})" for each in told)
    return f"- {_name(recognizer)}: {patterns}"


def main() -> None:
    """Renew the document."""
    document = with_section(DOCUMENT.read_text("utf-8"), "entities", entities_text())
    DOCUMENT.write_text(document, "utf-8")


if __name__ == "__main__":
    main()
