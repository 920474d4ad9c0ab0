"""Seeded conversations of an agent at work, as long as a suite needs them."""

from __future__ import annotations

from random import Random

from headroom_conformance.conversation import Call, Conversation, Turn
from headroom_conformance.machine_texts import KINDS, prose

_TOOLS: dict[str, tuple[str, dict[str, object]]] = {
    "rows": ("list_jobs", {"region": "eu-west-1", "limit": 60}),
    "log": ("read_log", {"service": "payment", "tail": 150}),
    "hits": ("bash", {"command": "grep -rn retries src"}),
    "run": ("run_tests", {"command": "python -m pytest -v"}),
    "paths": ("bash", {"command": "find . -name '*.py'"}),
    "table": ("read_file", {"path": "orders.csv"}),
    "source": ("read_file", {"path": "shop/rules.py"}),
    "patch": ("bash", {"command": "git log -p"}),
    "prose": ("fetch_page", {"url": "https://docs.example/limits"}),
}


def agent_conversation(seed: int, *, steps: int = 4, system: bool = True) -> Conversation:
    """Return a conversation in which an agent calls tools that print a lot.

    Args:
        seed: The same seed gives the same conversation.
        steps: How often the agent calls tools; every other time it calls two at once.
        system: True: it starts with a system turn.
    """
    random = Random(seed)
    turns = [Turn("system", (f"You look after a shop. {prose(seed, 3)}",))] if system else []
    turns.append(Turn("user", ("Which payment job failed, and where do we set its retries?",)))
    kinds = list(KINDS)
    random.shuffle(kinds)
    # Rows and logs first: every engine worth the name can do something about them.
    kinds = [*random.sample(("rows", "log"), 2), *kinds]
    for step in range(steps):
        width = 1 + step % 2
        calls = []
        results = []
        for place in range(width):
            kind = kinds[(step * 2 + place) % len(kinds)]
            name, arguments = _TOOLS[kind]
            call = Call(f"call_{seed}_{step}_{place}", name, arguments)
            calls.append(call)
            text = KINDS[kind](random.randrange(10**6), random.randrange(60, 160))
            texts = (text,) if random.random() < 0.7 else (text, "exit status: 0")
            results.append(Turn("tool", texts, answers=call.id, as_blocks=len(texts) > 1))
        turns.append(Turn("assistant", (f"I look at {kind}.",), calls=tuple(calls)))
        turns.extend(results)
        if step % 3 == 2:
            turns.append(Turn("assistant", ("That narrows it down.",)))
            turns.append(Turn("user", ("Go on; what about the pool's limit?",)))
    return Conversation(tuple(turns))


def short_conversation() -> Conversation:
    """Return a conversation in which there is nothing to shorten."""
    call = Call("call_short", "read_file", {"path": "VERSION"})
    return Conversation(
        (
            Turn("user", ("Which version is this?",)),
            Turn("assistant", ("I look.",), calls=(call,)),
            Turn("tool", ("1.4.2",), answers=call.id),
        )
    )
