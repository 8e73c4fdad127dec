"""Loading a policy: the shipped ones, and what a wrong one is told."""

from pathlib import Path

import pytest

from schemas.policy import Noise, Policy, PolicyError, load_policy, parse_policy, policy_names


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
        ("name: mine\nperiod_days: 30", "staging_days", "before a period of 30 days"),
        ("name: mine\nmax_crashes_per_cell: 10000000", "max_crashes_per_cell", "less than"),
        ("name: mine\nobjections: [jane-doe-17]", "objections.0", "32 hexadecimal digits"),
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
    assert "jane-doe-17" not in message


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
        ("name: x\nk: 10\nk: 5\n", "not valid YAML at line 3: the field stands twice"),
        ("a: " + "[" * 5_000, "policy p:"),
        ("name: x\nk: 10\nlimits: {foo: 0}\n", "max_file_bytes"),
    ],
)
def test_a_policy_that_could_be_read_two_ways_is_refused(text: str, word: str) -> None:
    with pytest.raises(PolicyError, match=word):
        parse_policy(text, "p")


@pytest.mark.parametrize(
    "value", ["2026-99-99", "!!int foo", '!!float ""', "!!bool foo", "!!timestamp foo", "9" * 5_000]
)
def test_a_value_that_is_not_of_its_type_is_refused_in_a_line(value: str) -> None:
    with pytest.raises(PolicyError, match="policy p: not valid YAML: a value") as refused:
        parse_policy(f"name: x\nk: {value}\n", "p")
    assert value not in str(refused.value)


def test_a_hash_that_begins_like_a_number_is_text() -> None:
    objection = "3e30fecfe031e7617b880b36909c4926"
    policy = parse_policy(f"name: x\nobjections: [{objection}]\n", "p")
    assert policy.objections == (objection,)


NOISE = "noise: {epsilon: 1, delta: 1e-8, yearly_epsilon: 11, yearly_delta: 1e-6}"
BOUNDS = "name: x\nperiod_days: 7\nmax_cells_per_install: 3\nmax_crashes_per_cell: 2\n"


def test_dp_is_the_policy_with_noise_that_the_contract_describes() -> None:
    policy = load_policy("dp")
    assert (policy.k, policy.period_days) == (20, 7)
    assert (policy.max_cells_per_install, policy.max_crashes_per_cell) == (3, 2)
    assert policy.noise == Noise(epsilon=1, delta=1e-8, yearly_epsilon=11, yearly_delta=1e-6)
    assert load_policy("default").noise is None


def test_a_small_fleet_has_a_low_but_anonymous_threshold_a_week() -> None:
    policy = load_policy("small-fleet")
    assert (policy.anonymous, policy.k, policy.period_days, policy.noise) == (True, 5, 7, None)


def test_every_field_of_noise_says_what_it_does() -> None:
    assert all(field.description for field in Noise.model_fields.values())


@pytest.mark.parametrize("number", ["1e-8", "1E-08", "1.0e-8", "+1e-8", ".1e-7", "0.00000001"])
def test_a_small_number_is_read_in_any_notation(number: str) -> None:
    policy = parse_policy(BOUNDS + NOISE.replace("1e-8", number), "p")
    assert policy.noise is not None
    assert policy.noise.delta == 1e-8


@pytest.mark.parametrize(
    ("text", "field", "advice"),
    [
        (NOISE.replace("epsilon: 1,", "epsilon: 0,"), "noise.epsilon", "greater than 0"),
        (NOISE.replace("epsilon: 1,", "epsilon: .inf,"), "noise.epsilon", "finite"),
        (NOISE.replace("1e-8", "1e-3"), "noise.delta", "less than or equal"),
        (NOISE.replace("delta: 1e-8,", ""), "noise.delta", "missing"),
        (NOISE.replace("delta", "gamma"), "noise.delta", "missing"),
        (NOISE.replace("}", ", seed: 1}"), "noise.seed", "yearly_epsilon, yearly_delta"),
        (NOISE.replace("11", "0.5"), "noise", "yearly_epsilon at least 1"),
        (NOISE.replace("1e-6", "5.2e-7"), "noise", "yearly_delta more than 5.3e-07"),
        (NOISE + "\nmax_cells_per_install: 6", "max_cells_per_install", "at most 5"),
        (NOISE + "\nmax_crashes_per_cell: 6", "max_crashes_per_cell", "at most 5"),
        (
            NOISE + "\nreports_without_install_are_distinct: true",
            "reports_without_install_are_distinct",
            "must be false with noise",
        ),
    ],
)
def test_noise_that_cannot_keep_its_promise_is_refused(text: str, field: str, advice: str) -> None:
    given = {line.split(":")[0] for line in text.splitlines()}
    bounds = [line for line in BOUNDS.splitlines() if line.split(":")[0] not in given]
    with pytest.raises(PolicyError) as error:
        parse_policy("\n".join([*bounds, text]), "mine.yaml")
    assert str(error.value).startswith(f"policy mine.yaml: field {field}:")
    assert advice in str(error.value)
