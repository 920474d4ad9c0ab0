"""Names of a question, found in units just as they are written."""

from __future__ import annotations

import pytest

from headroom.selection.named import verbatim_units

UNITS = [
    "/usr/lib/a.py:12",
    "lib/a.py",
    "lib/a.pyc",
    "lib/a.py/b",
    "xlib/a.py",
    "see lib/a.py, line 3",
    "worker/0:1-events",
    "order 10060 of 3",
]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What of lib/a.py?", [0, 1, 5]),
        ("What about `/usr/lib/a.py`?", [0]),
        ("Is worker/0:1 busy?", []),
        ("Is (worker/0:1-events) busy?", [6]),
        ("What became of order 10060?", [7]),
        ("What became of that order?", []),
        ("", []),
    ],
)
def test_a_name_is_found_as_it_stands_and_nowhere_within_another(
    question: str, found: list[int]
) -> None:
    assert verbatim_units(question, UNITS) == found


def test_a_name_that_many_units_hold_names_none() -> None:
    assert verbatim_units("Is 10.0.0.1 up?", ["10.0.0.1 is up"] * 7) == []


def test_no_units_hold_no_name() -> None:
    assert verbatim_units("Is 10.0.0.1 up?", []) == []
