"""A report's identities: what is searched first stands for all forms that are searched then."""

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import Identity, IdentityKind
from transforms.scrub.identities import forms_of, traces

NAMES = st.text(
    st.sampled_from("aZk09.-_ +@'/%\u00fc\u00dfe\u0301\u212a\u0130\u738b"), min_size=1, max_size=14
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(IdentityKind), NAMES)
def test_every_form_of_an_identity_holds_one_of_its_traces(kind: IdentityKind, name: str) -> None:
    identity = Identity(kind, name)
    told = traces(identity)
    for form in forms_of(identity):
        assert any(trace in form.lower() for trace in told), form


def test_a_trace_tells_something_of_a_common_name() -> None:
    assert traces(Identity(IdentityKind.USER_NAME, "jane.doe9")) == ("jane", "jane", "doe9")
    assert traces(Identity(IdentityKind.USER_NAME, "J\u00fcrgen")) == ("",)
