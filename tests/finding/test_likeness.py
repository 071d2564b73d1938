"""Names that are a slip away are found by distance first: the same as a look at each of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geoaddr.finding.scoring import alike, likeness

words = st.lists(st.text("abn 3", min_size=1, max_size=7), min_size=1, max_size=4).map(" ".join)
keys = words.map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def slips(draw: st.DrawFn, key: str) -> str:
    """A key with up to three letters left out, doubled or taken for another."""
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(key) - 1))
        key = key[:at] + draw(st.sampled_from(("", key[at] * 2, "b", " "))) + key[at + 1 :]
        key = " ".join(key.split()) or "a"
    return key


@given(asked=keys, others=st.lists(keys, max_size=8), data=st.data())
def test_the_names_that_are_like_one(asked: str, others: list[str], data: st.DataObject) -> None:
    known = [*others, data.draw(slips(asked)), data.draw(slips(asked))]
    one_by_one = {key: like for key in known if (like := likeness(asked, key)) > 0.0}
    assert alike(asked, known) == ({asked: 1.0} if asked in known else one_by_one)
