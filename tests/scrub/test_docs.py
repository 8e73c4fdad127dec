"""What docs/scrubbing.md lists is what the registry finds."""

from tools.scrub_docs import DOCUMENT, EXAMPLES, entities_text
from tools.sections import section
from transforms.scrub.analyzer import find_entities, load_analyzer


def test_the_list_of_entities_is_as_the_registry_has_it() -> None:
    listed = section(DOCUMENT.read_text("utf-8"), "entities")
    assert listed == entities_text().strip(), "stale: run make docs"
    assert all(f"### `{entity}`" in listed for entity in EXAMPLES)


def test_every_example_holds_its_entity_and_nothing_else() -> None:
    analyzer = load_analyzer()
    for entity, text in EXAMPLES.items():
        assert [each.type for each in find_entities(analyzer, text)] == [entity]


def test_every_entity_of_the_registry_has_an_example() -> None:
    registered = load_analyzer().registry.recognizers
    assert {entity for each in registered for entity in each.supported_entities} == set(EXAMPLES)
