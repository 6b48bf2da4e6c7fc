"""Text as keys: nothing is lost, nothing collides, beginnings stay beginnings."""

from hypothesis import given
from hypothesis import strategies as st

from oreva.models import Evidence
from oreva.store.records import dump, from_key, load, to_key

any_text = st.text(st.characters(exclude_categories=()) | st.sampled_from("\\u0dc8f\0\udcff"))


@given(any_text)
def test_a_key_gives_its_text_back_and_can_be_stored_anywhere(text):
    key = to_key(text)
    assert from_key(key) == text
    assert "\0" not in key
    assert key.encode("utf-8").decode("utf-8") == key


@given(any_text, any_text)
def test_keys_are_equal_or_begin_alike_exactly_if_their_texts_do(one, other):
    assert (to_key(one) == to_key(other)) == (one == other)
    assert to_key(one + other).startswith(to_key(one))
    assert to_key(one).startswith(to_key(other)) == one.startswith(other)


def test_plain_names_stay_readable():
    assert to_key("github/acme/naïve-店") == "github/acme/naïve-店"


@given(st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\\ud\0\udc80\udcff")))
def test_models_come_back_from_text_that_can_be_encoded(text):
    model = Evidence(path=text, line=1, quote=text)
    stored = dump(model)
    assert load(Evidence, stored.encode("utf-8").decode("utf-8")) == model
