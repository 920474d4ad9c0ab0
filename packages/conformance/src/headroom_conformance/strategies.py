"""Hypothesis strategies: texts that tools could print, and conversations around them."""

from __future__ import annotations

from hypothesis import strategies as st

from headroom import CompressionConfig, ToolRule
from headroom_conformance.conversation import Call, Conversation, Turn
from headroom_conformance.machine_texts import KINDS, LOOK_ALIKES
from headroom_conformance.scenes import agent_conversation

_TOOL_NAMES = ("bash", "read_file", "search", "mcp__files__list", "headroom_retrieve", "", "a" * 64)
_ARGUMENTS: tuple[dict[str, object], ...] = (
    {},
    {"path": "a.py"},
    {"q": "retries", "deep": {"n": [1]}},
)
_ODD = (
    "",
    " ",
    "\n\n\n",
    "null",
    "[]",
    "{}",
    "[" * 3000,
    '{"a":' * 1000,
    "x" * 20_000,
    "\ufeff[1, 2, 3]",
    "line\r\n" * 400,
    "a\x00b\x1b[31mred\x1b[0m\n" * 100,
    '[{"a": 1e400, "b": -0.0, "b": "007", "c": "\\ud800"}]',
    "\u65e5\u672c\u8a9e\u306e\u30ed\u30b0 \U0001f9ea\n" * 200,
)


def machine_texts(*, most: int = 120) -> st.SearchStrategy[str]:
    """Return texts such as tools print; up to ``most`` rows, lines or hits."""
    kinds = st.sampled_from(sorted(KINDS))
    seeds, sizes = st.integers(0, 9_999), st.integers(0, most)
    return st.builds(lambda kind, seed, size: KINDS[kind](seed, size), kinds, seeds, sizes)


def look_alikes() -> st.SearchStrategy[str]:
    """Return texts that look like Headroom's own marks, alone or above a real text."""
    marks = st.sampled_from(LOOK_ALIKES)
    return marks | st.builds(lambda mark, text: f"{mark}\n{text}", marks, machine_texts())


def texts(*, surrogates: bool = True) -> st.SearchStrategy[str]:
    """Return any text: machine output, odd payloads, look-alikes, random characters.

    Args:
        surrogates: True: lone surrogates may occur, as from tools that print what is not UTF-8.
    """
    wild = st.text(st.characters() if surrogates else st.characters(codec="utf-8"), max_size=200)
    odd = st.sampled_from([*_ODD, "\ud800 lone \udfff\n" * 60] if surrogates else _ODD)
    # A whole line of odd text inside an ordinary one is where notations go wrong.
    spoilt = st.builds(lambda text, line: f"{text}\n{line}\n{text}", machine_texts(most=40), wild)
    return st.one_of(machine_texts(), look_alikes(), odd, spoilt, wild)


@st.composite
def _steps(draw: st.DrawFn, number: int, content: st.SearchStrategy[str]) -> list[Turn]:
    words = st.sampled_from(("", "Go on.", "Find the failed job in eu-west-1.", "retries?"))
    if draw(st.integers(0, 4)) == 0:
        return [Turn("assistant", (draw(words),)), Turn("user", (draw(words),))]
    calls = tuple(
        Call(f"call_{number}_{place}", draw(st.sampled_from(_TOOL_NAMES)) or "tool", arguments)
        for place, arguments in enumerate(
            draw(
                st.lists(
                    st.sampled_from(_ARGUMENTS),
                    min_size=1,
                    max_size=3,
                )
            )
        )
    )
    results = []
    for call in calls:
        as_blocks = draw(st.booleans())
        most = 3 if as_blocks else 1
        found = tuple(draw(st.lists(content, min_size=1, max_size=most)))
        failed = draw(st.integers(0, 5)) == 0
        results.append(Turn("tool", found, answers=call.id, is_error=failed, as_blocks=as_blocks))
    return [Turn("assistant", (draw(words),), calls=calls), *results]


@st.composite
def odd_conversations(
    draw: st.DrawFn, *, surrogates: bool = True, errors: bool = True, system: bool = True
) -> Conversation:
    """Return short conversations whose tools print anything at all.

    Lone surrogates occur where ``surrogates`` is true, results flagged as errors where ``errors``
    is, and a system's turn where ``system`` is.
    """
    turns = [Turn("user", (draw(st.sampled_from(("Which job failed?", "", "Fix retries."))),))]
    if system and draw(st.booleans()):
        turns.insert(0, Turn("system", ("You are terse.",)))
    for number in range(draw(st.integers(1, 3))):
        turns.extend(draw(_steps(number, texts(surrogates=surrogates))))
    if not errors:
        turns = [Turn(t.role, t.texts, t.calls, t.answers, False, t.as_blocks) for t in turns]
    return Conversation(tuple(turns))


def conversations(
    *, surrogates: bool = True, errors: bool = True, system: bool = True
) -> st.SearchStrategy[Conversation]:
    """Return conversations of both sorts: an agent's at work, and odd ones."""
    at_work = st.builds(
        lambda seed, steps: agent_conversation(seed, steps=steps, system=system),
        st.integers(0, 999),
        st.integers(1, 3),
    )
    return at_work | odd_conversations(surrogates=surrogates, errors=errors, system=system)


def configs() -> st.SearchStrategy[CompressionConfig]:
    """Return configurations that differ in what reaches the output."""
    return st.sampled_from(
        (
            CompressionConfig(),
            CompressionConfig(fidelity="lossless"),
            CompressionConfig(fidelity="aggressive", min_tokens=0),
            CompressionConfig(roles=("tool", "user"), protect_errors=False),
            CompressionConfig(retrieval="none"),
            CompressionConfig(namespace="tenant-7"),
            CompressionConfig(
                tools={"read_*": ToolRule(off=True), "bash": ToolRule(fidelity="lossless")}
            ),
        )
    )
