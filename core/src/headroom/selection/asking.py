"""Whether what the user said asks something of a text, or only lets the work go on."""

from __future__ import annotations

import re
from itertools import islice

from headroom.selection.relevance import is_asked, question_terms, terms

_WORD = re.compile(r"[^\s,;?!\"'`()\[\]{}<>=]+")

# How a question, or the wish to be told something, begins.
_ASKS = re.compile(
    r"(?i:(?:^|[.!,;:]\s+)(?:wh(?:at|en|ere|ich|o|ose|y)|how|was|were|is|are|do|does|did|has"
    r"|list|show|find|count|give)\b)"
)

# Words with which people let an agent go on, and that stand in many a text.
_SAID_ANYWAY = frozenset(
    terms("next step good fine make look take carry task result output continue ahead here please")
)

# So many words of a remark must stand in the text: a single one does by chance.
_OF_A_REMARK = 2


def content_terms(said: str) -> tuple[str, ...]:
    """Return the terms of what was said, less those with which people let an agent go on.

    >>> content_terms("Please look at the result and go on."), content_terms("Why did 7 fail?")
    ((), ('7', 'fail'))
    """
    return tuple(term for term in question_terms(said) if term not in _SAID_ANYWAY)


def is_question(said: str) -> bool:
    """Say whether something is worded as a question with a content word of its own.

    >>> is_question("Which order failed?"), is_question("Go on."), is_question("What is next?")
    (True, False, False)
    """
    asks = "?" in said or "\uff1f" in said or _ASKS.search(said) is not None
    return asks and bool(content_terms(said))


def speaks_of(question: str, text: str) -> bool:
    """Say whether a question shares enough content words with a text to be about it.

    >>> speaks_of("What failed?", "1 failed"), speaks_of("Good, what is next?", "the next run")
    (True, False)
    """
    words = [word for word in dict.fromkeys(_WORD.findall(question)) if content_terms(word)]
    needed = 1 if is_question(question) else min(_OF_A_REMARK, len(words))
    found = (word for word in words if is_asked(word, text))
    return bool(needed) and sum(1 for _ in islice(found, needed)) == needed


def is_about_call(question: str, arguments: str) -> bool:
    """Say whether a question shares a content word with the arguments of the call.

    >>> is_about_call("Was an order refused?", "select * from orders")
    True
    """
    called = frozenset(terms(arguments))
    return is_question(question) and not called.isdisjoint(content_terms(question))
