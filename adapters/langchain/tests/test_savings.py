from headroom_langchain.events import note_on_events
from headroom_langchain.savings import Savings

SAVINGS = Savings(
    tokens_before=9,
    tokens_after=3,
    tokens_saved=6,
    overhead_tokens=0,
    savings=2 / 3,
    counter="o200k_base",
    handles=[],
)


def test_a_native_event_stream_says_what_was_saved_on_the_event_that_finishes() -> None:
    events = [{"event": "message-start"}, {"event": "message-finish", "metadata": {"a": 1}}]
    start, finish = note_on_events(iter(events), SAVINGS)
    assert start is events[0]
    assert finish["metadata"] == {"a": 1, "headroom": SAVINGS}
    assert events[1]["metadata"] == {"a": 1}
