"""What holds for the difference between any two texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headroom.conversation.deltas import changes, diff, patched

_LINES = st.lists(
    st.sampled_from(("", "a", "b", "c", "-a", "+b", "@@ -1 +1 @@", "x\r")), max_size=25
)


@given(_LINES, _LINES)
def test_a_difference_applied_to_the_old_lines_gives_the_new_ones(
    old: list[str], new: list[str]
) -> None:
    if old != new:
        assert patched(old, diff(old, new)) == new


@given(_LINES, _LINES, st.text(alphabet="@-+ ,12\na", max_size=60))
def test_what_is_no_difference_of_the_old_lines_is_refused_or_says_what_it_does(
    old: list[str], new: list[str], noise: str
) -> None:
    for body in (noise, diff(old, new) + noise, noise + diff(old, new)):
        result = patched(old, body)
        assert result is None or isinstance(result, list)


@given(_LINES, _LINES)
def test_changes_stand_in_order_and_everything_between_them_is_equal(
    old: list[str], new: list[str]
) -> None:
    here = there = 0
    for a, b, c, d in [*changes(old, new), (len(old), len(old), len(new), len(new))]:
        assert old[here:a] == new[there:c]
        assert a <= b and c <= d
        here, there = b, d
