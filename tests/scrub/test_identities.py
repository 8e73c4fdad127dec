"""A report's identities: what is searched first stands for all forms that are searched then."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import Identity, IdentityKind
from transforms.scrub.identities import HiddenIdentities, OccursTooOftenError, as_seen
from transforms.scrub.identity_forms import forms_of, traces

PIECES = st.sampled_from(
    [*"aZk09.-_ +@'/%\u00fc\u00dfe\u0301\u212a\u0130\u738b\u01fa", "robert", ".local", ".Local"]
)
NAMES = st.lists(PIECES, min_size=1, max_size=10).map("".join)
SIGNS = "\\%+&"


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(IdentityKind), NAMES)
def test_every_form_of_an_identity_holds_one_of_its_traces(kind: IdentityKind, name: str) -> None:
    identity = Identity(kind, name)
    told = traces(identity)
    for form in forms_of(identity):
        assert any(trace in form.lower() for trace in told), form


def test_a_trace_tells_something_of_a_common_name() -> None:
    assert traces(Identity(IdentityKind.USER_NAME, "jane.doe9")) == ("jane", "doe9")
    assert traces(Identity(IdentityKind.HOST_NAME, "janes-laptop.local")) == ("laptop",)
    assert traces(Identity(IdentityKind.USER_NAME, "J\u00fcrgen")) == ("rgen",)


def test_a_name_of_short_ends_is_seen_without_its_middle() -> None:
    hidden = HiddenIdentities.of(
        [Identity(IdentityKind.USER_NAME, "bo.middle.li")], as_seen(["a crash of Li, Bo"])
    )
    assert [span.type for span in hidden.spans("a crash of Li, Bo")] == ["USER_NAME"]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(IdentityKind), NAMES)
def test_only_forms_with_a_sign_of_encoding_are_left_out_where_no_text_has_one(
    kind: IdentityKind, name: str
) -> None:
    identity = Identity(kind, name)
    left_out = forms_of(identity) - forms_of(identity, encoded=False)
    assert all(any(sign in form for sign in SIGNS) for form in left_out)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(IdentityKind), NAMES, st.integers(0, 50), st.sampled_from(["up", "low"]))
def test_an_identity_that_stands_in_a_text_is_searched_for(
    kind: IdentityKind, name: str, which: int, case: str
) -> None:
    """The planted form must pass the traces, the search for signs, and the search for forms."""
    identity = Identity(kind, name)
    forms = sorted(forms_of(identity))
    if not forms:
        return
    form = forms[which % len(forms)]
    text = f"lost {form.upper() if case == 'up' else form.lower()} in a /{form}/ of it"
    hidden = HiddenIdentities.of([identity], as_seen([text]))
    planted = text.index(f"/{form}/") + 1
    assert any(
        span.start <= planted and span.end >= planted + len(form) for span in hidden.spans(text)
    )


@pytest.mark.parametrize("between", [" ", "\t", "\n"])
def test_a_name_is_hidden_over_a_break_that_becomes_a_space(between: str) -> None:
    text = f"for Al{between}Doe"
    jane = Identity(IdentityKind.USER_NAME, "al.doe")
    (span,) = HiddenIdentities.of([jane], as_seen([text])).spans(text)
    assert (span.start, span.end) == (4, len(text))


def test_a_text_that_repeats_names_without_end_is_given_up_soon() -> None:
    names = [Identity(IdentityKind.USER_NAME, "ab" * count) for count in range(2, 33)]
    text = "ab" * 2_000
    with pytest.raises(OccursTooOftenError):
        HiddenIdentities.of(names, as_seen([text])).spans(text)
