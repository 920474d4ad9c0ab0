import pytest

from headroom.originals.markers import (
    Change,
    Legend,
    Marker,
    Place,
    Reference,
    looks_ours,
    one_line,
    read_changed,
    read_legend,
    read_marker,
    read_reference,
    write_changed,
    write_legend,
    write_marker,
    write_reference,
)

HANDLE = "8a2a5c9b768827de"


def test_a_marker_reads_back_as_it_was_written() -> None:
    marker = Marker(HANDLE, "lines", 23, 2000, "omitted: 1890 INFO; 12:00 to 12:05")
    assert read_marker(write_marker(marker) + "\nbody") == marker
    assert read_marker(write_marker(marker, callable_hint=True)) == marker
    assert marker.kept + marker.omitted == marker.total


def test_a_marker_names_the_tool_only_when_the_model_has_it() -> None:
    marker = Marker(HANDLE, "rows", 1, 2)
    assert "headroom_retrieve" not in write_marker(marker)
    assert write_marker(marker, callable_hint=True).startswith("[headroom_retrieve ")


@pytest.mark.parametrize("kept", [-1, 3])
def test_counts_that_do_not_add_up_are_refused(kept: int) -> None:
    with pytest.raises(ValueError, match="add up"):
        write_marker(Marker(HANDLE, "rows", kept, 2))


def test_a_summary_of_two_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="single line"):
        write_marker(Marker(HANDLE, "rows", 1, 2, "a\nb"))
    with pytest.raises(ValueError, match="single line"):
        write_legend(Legend("table", "a\rb"))


def test_one_line_folds_every_line_break() -> None:
    assert one_line(" a\r\n\tb\u2028c ") == "a b c"


def test_a_legend_reads_back_with_its_body() -> None:
    legend = Legend("table", "200 rows; ~ = absent")
    assert read_legend(write_legend(legend) + "\na,b\n1,2") == (legend, "a,b\n1,2")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[headroom]",
        "[headroom table: note]",  # no body
        f"[headroom {HANDLE}: kept 3 of 2 lines]",
        f"[headroom {HANDLE[:-1]}: kept 1 of 2 lines]",
        f" [headroom {HANDLE}: kept 1 of 2 lines]",
        f"[headroom {HANDLE}: kept 1 of 2 lines] and more",
        f"[headroom {HANDLE}: kept 1 of {'9' * 5000} lines]",
    ],
)
def test_what_only_looks_like_ours_is_neither_marker_nor_legend(text: str) -> None:
    assert read_marker(text) is None
    assert read_legend(text) is None


@pytest.mark.parametrize("change", [Change(), Change("  12\t"), Change(""), Change("7:", -4)])
@pytest.mark.parametrize("lines", [(1, 9), (10, 52)])
@pytest.mark.parametrize(
    "place", [Place("result", 4), Place("user message", 1, 2), Place("system message", 1)]
)
def test_a_reference_reads_back_as_it_was_written(
    place: Place, lines: tuple[int, int], change: Change
) -> None:
    reference = Reference(place, lines, change)
    assert read_reference(write_reference(reference)) == reference
    assert looks_ours(f"some text\n{write_reference(reference)}\nmore")
    assert read_reference(write_reference(Reference(place))) == Reference(place)
    assert read_changed(f"{write_changed(place)}\n@@ -1 +1 @@\n+x") == (place, "@@ -1 +1 @@\n+x")


@pytest.mark.parametrize(
    "line",
    [
        "[headroom same as result 0]",
        "[headroom same as result 04]",
        "[headroom same as result 4, part 1]",  # never written: the first part goes without saying
        "[headroom same as result 4, lines 1-2] and more",
        "[headroom same as result 4, lines 1-2, indented by 1 spaces]",
        '[headroom same as result 4, lines 1-2, numbered "\\x"]',
        "[headroom same as result 4, without numbers]",
        " [headroom same as result 4]",
    ],
)
def test_what_is_not_written_exactly_so_is_no_reference(line: str) -> None:
    assert read_reference(line) is None
