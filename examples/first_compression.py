# /// script
# requires-python = ">=3.10"
# dependencies = ["headroom-core"]
# ///
"""Compress the result of one tool call, and fetch an original back."""

# --8<-- [start:example]
import json

from headroom import compress, retrieve

orders = [
    {
        "id": f"ord_{number:05}",
        "status": "failed" if number == 137 else "paid",
        "currency": "EUR",
        "total": 1000 + number * 37 % 900,
        "error": "card_declined" if number == 137 else None,
    }
    for number in range(300)
]
messages = [
    {"role": "system", "content": "You look after the shop's payments."},
    {"role": "user", "content": "Which order failed, and why?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "list_orders", "arguments": "{}"},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": json.dumps(orders)},
]

result = compress(messages, model="gpt-4o")

print(result.explain())
print(f"{result.tokens_before} tokens before, {result.tokens_after} after")
print(result.messages[-1]["content"][:800])

for handle in result.handles:
    print(retrieve(handle, rows="1-2").text)
# --8<-- [end:example]
