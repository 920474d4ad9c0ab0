# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-core"]
# ///
"""A long session: a prefix that stays cached, a limit that holds, money, and a second agent."""

import json

from headroom import (
    CacheAligner,
    CompressionConfig,
    Compressor,
    MemoryStore,
    SharedContext,
    economics,
)

STORE = MemoryStore()


def listing(part: int) -> str:
    """Return what a search in one part of a repository prints."""
    lines = (f"part_{part}/file_{n}.py:{n * 3}: total = add(total, {n})" for n in range(120))
    return "\n".join(lines)


def session(searches: int) -> list[dict[str, object]]:
    """Return the messages of an agent that has searched so many parts."""
    messages: list[dict[str, object]] = [
        {"role": "user", "content": "Where is the total added up? Never edit vendored code."}
    ]
    for n in range(searches):
        name, arguments = "search", {"path": f"part_{n}"}
        call = {"type": "tool_use", "id": f"call_{n}", "name": name, "input": arguments}
        result = {"type": "tool_result", "tool_use_id": f"call_{n}", "content": listing(n)}
        messages += [
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result]},
        ]
    return messages


def request(searches: int, clock: str) -> dict[str, object]:
    """Return the whole request of that turn."""
    return {
        "model": "claude-opus-5-5",
        "system": f"You search code. {'Say what you looked for. ' * 200}\nIt is now {clock}.",
        "tools": [{"name": "search", "input_schema": {"type": "object"}}],
        "messages": session(searches),
    }


# --8<-- [start:report]
report = CacheAligner().analyse(request(3, "13:44:02"), previous=request(2, "13:42:56"))
print(report.explain())
# --8<-- [end:report]
assert [finding.text for finding in report.findings] == ["13:44:02"]

# --8<-- [start:align]
aligning = Compressor(CompressionConfig(align_cache=True), store=STORE)
now = aligning.compress_request(request(3, "13:44:02")).request
later = aligning.compress_request(request(4, "13:45:31")).request

assert now["system"] == later["system"]  # "It is now [time 1, said at the end]."
assert now["messages"][:-1] == later["messages"][: len(now["messages"]) - 1]
note = later["messages"][-1]["content"][-1]["text"]
assert note == "[headroom now: time 1 = 13:45:31]"
# --8<-- [end:align]

# --8<-- [start:fit]
fitting = Compressor(CompressionConfig(context_limit=2_500), store=STORE)
result = fitting.compress(session(30))

assert result.tokens_after <= 2_500
assert result.messages[0]["content"] == session(1)[0]["content"]  # people are never shortened
oldest = result.messages[2]["content"][0]["content"]
print(oldest)
handle = next(d.handles[0] for d in result.decisions if d.index == 2)
assert fitting.retrieve(handle).text == listing(0)
# --8<-- [end:fit]

# --8<-- [start:share]
shared = SharedContext(fitting)
entry = shared.put("search results", listing(7), agent="searcher", query="file_99")

print(f"{entry.tokens_before} -> {entry.tokens_after} tokens")
assert "file_99.py" in (shared.get("search results") or "")
assert shared.get("search results", full=True) == listing(7)
# --8<-- [end:share]

# --8<-- [start:economics]
opus = economics.pricing_for("claude-opus-5-5")
assert opus is not None
once = economics.value_at_birth(10_000, opus, turns=0)
after_20_turns = economics.value_at_birth(10_000, opus, turns=20)
print(f"10,000 tokens fewer: ${once:.2f} at once, ${after_20_turns:.2f} after 20 more turns")

even = economics.break_even_turns(removed=20_000, suffix=100_000, pricing=opus)
print(f"taking 20,000 tokens out of a cached history pays after {even:.0f} turns")
# --8<-- [end:economics]

if __name__ == "__main__":
    print(json.dumps(later["messages"][-1]["content"][-1]))
