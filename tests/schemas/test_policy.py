"""Loading a policy: the shipped ones, and what a wrong one is told."""

from pathlib import Path

import pytest

from schemas.policy import Policy, PolicyError, load_policy, parse_policy, policy_names


def test_the_shipped_policies_load_under_their_names() -> None:
    assert {"default", "development"} <= set(policy_names())
    assert all(load_policy(name).name == name for name in policy_names())


def test_the_default_is_anonymous_with_ten_installations_a_row() -> None:
    policy = load_policy("default")
    assert (policy.anonymous, policy.k) == (True, 10)
    assert (policy.max_cells_per_install, policy.max_crashes_per_cell) == (10, 5)
    assert policy.limits.max_file_bytes == 64 * 1024 * 1024
    assert not policy.reports_without_install_are_distinct


def test_development_is_marked_as_not_anonymous() -> None:
    policy = load_policy("development")
    assert (policy.anonymous, policy.k) == (False, 1)


@pytest.mark.parametrize(
    ("text", "field", "advice"),
    [
        ("name: mine\nk: ten", "k", "integer"),
        ("name: mine\nk: 0", "k", "greater than or equal to 1"),
        ("name: mine\nk: 1.5", "k", "integer"),
        ("name: mine\nanonymous: 'yes'", "anonymous", "boolean"),
        ("name: mine\nlimits: {max_frames: 0}", "limits.max_frames", "greater than or equal to 1"),
        ("name: mine\nkk: 10", "kk", "the fields are name, anonymous, k"),
        ("k: 10", "name", "is missing"),
        ("name: Not A Name", "name", "pattern"),
        ("name: mine\nk: 4", "k", "anonymous: false"),
    ],
)
def test_a_wrong_policy_names_the_field_and_what_it_takes(
    text: str, field: str, advice: str
) -> None:
    with pytest.raises(PolicyError) as error:
        parse_policy(text, "mine.yaml")
    message = str(error.value)
    assert message.startswith(f"policy mine.yaml: field {field}:")
    assert advice in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["- 1", "", "a: [", "\t"])
def test_a_policy_that_is_no_yaml_mapping_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(PolicyError) as error:
        parse_policy(text, "mine.yaml")
    assert "\n" not in str(error.value)


def test_an_unknown_name_lists_the_shipped_policies() -> None:
    with pytest.raises(PolicyError, match="default, development"):
        load_policy("no-such-policy")


def test_a_policy_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nk: 20\n", "utf-8")
    assert load_policy(str(path)) == Policy(name="mine", k=20)


def test_every_field_says_what_it_does() -> None:
    assert all(field.description for field in Policy.model_fields.values())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("name: x\nk: 10\nk: 5\n", "not valid YAML at line"),
        ("a: " + "[" * 5_000, "policy p:"),
        ("name: x\nk: 10\nlimits: {foo: 0}\n", "max_file_bytes"),
    ],
)
def test_a_policy_that_could_be_read_two_ways_is_refused(text: str, word: str) -> None:
    with pytest.raises(PolicyError, match=word):
        parse_policy(text, "p")
