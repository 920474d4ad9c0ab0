"""Whether anything is asked of a document that parts of it can answer."""

from __future__ import annotations

import re
from collections import Counter

from headroom.selection.passages_probes import probes
from headroom.selection.passages_scores import lower_in_place, stands_in

# What people say to an agent without asking anything of a document.
_EMPTY_WORDS = re.compile(
    r"(?i)\b(?:continue|continuing|proceed|carry|carrying|going|next|steps?|tasks?|work|working|job"
    r"|thing|things|stuff|okay|thanks|thank|great|good|nice|sure|check|read|reading|open|view|fetch"
    r"|load|summari[sz]e|summary|overview|review|analy[sz]e|files?|documents?|docs?|documentation"
    r"|readme|pages?|texts?|contents?|results?|outputs?|sections?|everything|anything|something"
    r"|whole|entire|full|first|last|again|back|help|needs?|want|think|start|finish|done|ready|try"
    r"|weiter|bitte|fasse?|zusammen|sigue|continúa|resume|продолжай|дальше)\b|继续|总结"
)

# A path, an address or a number alone names a document; it asks nothing of it.
_NAMES_A_PLACE = re.compile(r"\S*[/\\]\S*|\S+\.\w{1,5}|[\d\W]+")

_ASKS = re.compile(
    r"[?\uff1f\u061f]|_{3,}|(?i:\b(?:wh(?:at|en|ere|ich|o|om|ose|y)|how|find|search|explain|tell|"
    r"describe|list|define|look up|does|is there|are there)\b)"
)
_NAMES_CODE = re.compile(r"[a-z][A-Z]|\w_\w|`[^`]+`|\"[^\"]{3,}\"|--\w|\w\(\)|\b\d{2,}\b")

# Words in one place that no empty phrase shares with it by chance.
_TOGETHER = 2

# Characters that count as one place: about a sentence or two.
_PLACE = 250


def asked_of(question: str, arguments: str) -> str:
    """Return what was asked: the question, and those of the call's arguments that are words."""
    words = (line for line in arguments.split("\n") if not _NAMES_A_PLACE.fullmatch(line.strip()))
    return "\n".join((question, *words)).strip()


def is_question(question: str, text: str) -> bool:
    """Say whether the question singles out some part of the text.

    "Have a look and carry on" does not, whatever words the text shares with it: then nobody can
    tell what matters, and nothing should be left out.

    >>> doc = "Plugins live in a folder.\\nThe next step is to work on the task."
    >>> is_question("Where do plugins live?", doc), is_question("OK, next step please.", doc)
    (True, False)
    """
    specific = _EMPTY_WORDS.sub(" ", question)
    lowered = lower_in_place(text)
    asks = _ASKS.search(question) is not None or _NAMES_CODE.search(question) is not None
    held: Counter[int] = Counter()
    for probe in probes(specific):
        if " " in probe.text:
            continue
        places = stands_in(probe, text, lowered)
        if places and asks:
            return True
        held.update({at // _PLACE: 1 for at in places})
        if held and max(held.values()) >= _TOGETHER:
            return True
    return False
