"""What was asked, and said, before each text of a conversation."""

from __future__ import annotations

from headroom.segments import Segment

# The question steers which parts stay; beyond its beginning and its end, a task description of
# many pages adds words that match everything.
QUESTION_CHARACTERS = 2_000


class Questions:
    """Follow a conversation, and know what stands before the next text.

    The question of a text is the newest user text before it. Where user messages carry
    observations, long ones are taken for such, not for questions, and the call that they answer
    is the assistant's text before them.

    Args:
        observed: True: user messages carry observations.
    """

    def __init__(self, *, observed: bool) -> None:
        self._observed = observed
        self._first_user: int | None = None
        self.question = ""
        self.said = ""

    def is_task(self, segment: Segment) -> bool:
        """Say whether the text belongs to the first user message, which states the task."""
        first = segment.index if self._first_user is None else self._first_user
        return segment.role == "user" and segment.index == first

    def hear(self, segment: Segment, text: str) -> None:
        """Go on past a segment; ``text`` is what was said, whatever stands there now."""
        is_user = segment.role == "user"
        is_task = self.is_task(segment)
        if is_task:
            self._first_user = segment.index
        if is_user and (is_task or not self._observed or len(text) <= QUESTION_CHARACTERS):
            self.question = clipped(text)
        elif segment.role == "assistant":
            self.said = clipped(text)


def clipped(question: str) -> str:
    """Return the beginning and the end of a long question."""
    if len(question) <= QUESTION_CHARACTERS:
        return question
    half = QUESTION_CHARACTERS // 2
    return f"{question[:half]}\n{question[-half:]}"
