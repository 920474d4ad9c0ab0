from __future__ import annotations

from headroom.notation.templates_mining import mask
from headroom.selection.odd_values import odd_lines


def odd(lines: list[str]) -> list[int]:
    masked = mask("\n".join(lines))
    assert masked is not None
    return odd_lines(masked.keys, masked.place, masked.values)


def access(statuses: list[int]) -> list[str]:
    return [f"10:{i // 60:02}:{i % 60:02} GET /a/{i} {s}" for i, s in enumerate(statuses)]


def test_the_first_line_of_each_rare_status_is_odd() -> None:
    statuses = [200] * 90
    statuses[40], statuses[60], statuses[61] = 502, 404, 404
    assert odd(access(statuses)) == [40, 60]


def test_a_value_that_changes_for_good_is_not_odd() -> None:
    assert odd([f"May {1 + i // 60} node {i} up" for i in range(100)]) == []


def test_a_column_of_many_values_has_no_odd_one() -> None:
    assert odd(access(list(range(200, 290)))) == []


def test_a_column_without_a_usual_value_has_no_odd_one() -> None:
    assert odd(access([200, 404, 500] * 30)) == []


def test_few_lines_have_no_usual_value() -> None:
    assert odd(access([200] * 9 + [500] + [200] * 9)) == []


def test_many_odd_lines_are_cut_short() -> None:
    lines = [" ".join(f"a{c}={int(i == 3 * c + 5)}" for c in range(20)) for i in range(90)]
    assert len(odd(lines)) == 8


def test_what_is_odd_in_lines_of_many_keys_is_shown_once() -> None:
    statuses = [200] * 90
    for i in (40, 41, 42, 43):
        statuses[i] = 404
    paths = ("cart", "orders")
    lines = [f'GET /{paths[i % 2]} HTTP/1.1" {s} agent' for i, s in enumerate(statuses)]
    lines += [f"exit {int(i == 20)} of {i}" for i in range(40)]
    lines += [f"retries={int(i == 20)} of {i}" for i in range(40)]
    assert odd(lines) == [40, 110, 150]
