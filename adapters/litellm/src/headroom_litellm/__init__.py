"""Headroom for LiteLLM: calls, routers and proxies whose models read a fraction of the tokens.

Importing this does not import LiteLLM, which takes seconds; using one of its names does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from headroom_litellm.entry_points import EntryPoint, entry_points

if TYPE_CHECKING:
    from headroom_litellm.guardrail import HeadroomGuardrail
    from headroom_litellm.hook import HeadroomCallback
    from headroom_litellm.patching import Installation, install
    from headroom_litellm.wrappers import acompletion, completion

__all__ = (
    "EntryPoint",
    "HeadroomCallback",
    "HeadroomGuardrail",
    "Installation",
    "acompletion",
    "completion",
    "entry_points",
    "install",
)

_AT_FIRST_USE = {
    "HeadroomCallback": "hook",
    "HeadroomGuardrail": "guardrail",
    "Installation": "patching",
    "acompletion": "wrappers",
    "completion": "wrappers",
    "install": "patching",
}


def __getattr__(name: str) -> Any:
    if name not in _AT_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_AT_FIRST_USE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
