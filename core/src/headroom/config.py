"""What a user can set, and why each default is what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Grammars = Literal["official", "tree-sitter-languages"]
Fidelity = Literal["lossless", "balanced", "aggressive"]
RetrievalMode = Literal["tool", "handle", "none"]
OnOverflow = Literal["raise", "pass"]

_FIDELITIES = ("lossless", "balanced", "aggressive")
_RETRIEVAL_MODES = ("tool", "handle", "none")
_ON_OVERFLOW = ("raise", "pass")
_GRAMMARS = ("official", "tree-sitter-languages")
_ROLES = ("tool", "user", "assistant", "system")


def _check_fidelity(value: object) -> None:
    if value not in _FIDELITIES:
        raise ValueError(f"fidelity must be one of {', '.join(_FIDELITIES)}; got {value!r}")


def _check_min_tokens(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"min_tokens must be an int, got {type(value).__name__}")
    if value < 0:
        raise ValueError(f"min_tokens must be 0 or more, got {value}")


def _check_count(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, got {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name} must be {least} or more, got {value}")


def _check_flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be a bool, got {type(value).__name__}")


def _check_limits(config: CompressionConfig) -> None:
    if config.context_limit is not None:
        _check_count("context_limit", config.context_limit, 1)
    _check_count("protect_recent", config.protect_recent, 0)
    _check_count("cache_minimum", config.cache_minimum, 0)
    if config.on_overflow not in _ON_OVERFLOW:
        known = ", ".join(_ON_OVERFLOW)
        raise ValueError(f"on_overflow must be one of {known}; got {config.on_overflow!r}")


def _check_keep(value: object) -> None:
    if not isinstance(value, tuple) or not all(isinstance(k, str) and k for k in value):
        raise TypeError("keep must be a tuple of non-empty strings")


def _check_rule(name: object, rule: object) -> None:
    if not isinstance(name, str) or not isinstance(rule, ToolRule):
        raise TypeError(f"tools[{name!r}] must be a ToolRule under a string")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRule:
    """How the results of one tool, or of all tools that match a glob, are treated.

    Args:
        fidelity: Replaces the configuration's fidelity for these results; None keeps it.
        min_tokens: Replaces the configuration's smallest size, in tokens; None keeps it.
        keep: Substrings; a line or row that contains one of them always stays visible.
        off: True leaves these results exactly as they are, in every step.
    """

    fidelity: Fidelity | None = None
    min_tokens: int | None = None
    keep: tuple[str, ...] = ()
    off: bool = False

    def __post_init__(self) -> None:
        if self.fidelity is not None:
            _check_fidelity(self.fidelity)
        if self.min_tokens is not None:
            _check_min_tokens(self.min_tokens)
        _check_keep(self.keep)


_NO_RULE = ToolRule()


class _Rules(Mapping[str, ToolRule]):
    """The caller's rules, copied: cannot change, and can be hashed, pickled and copied."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Mapping[str, ToolRule]) -> None:
        self._rules = dict(rules)

    def __getitem__(self, name: str) -> ToolRule:
        return self._rules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def __hash__(self) -> int:
        return hash(tuple(self._rules.items()))

    def __repr__(self) -> str:
        return repr(self._rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionConfig:
    """Everything that steers compression. Immutable; share it freely.

    Args:
        fidelity: ``lossless`` never drops anything; ``balanced`` re-notates first and then selects
            where a text is large; ``aggressive`` selects sooner and keeps less.
        min_tokens: Texts with fewer tokens are left alone. Below 100 tokens a marker or a
            legend (10 to 30 tokens) eats most of what could be saved.
        tools: Rules by tool name; keys are globs (``"read_*"``). An exact name beats a glob,
            among globs the first that matches wins.
        roles: Whose text may be touched. Only tool results by default: people's and models' own
            words are not noise.
        protect_errors: Results that the protocol flags as errors stay verbatim up to
            2,000 tokens; larger ones get a selection that keeps the failure.
        retrieval: ``tool``: the model has the retrieval tool, markers may name it; ``handle``:
            markers carry the handle and no hint to call anything; ``none``: only lossless forms,
            no markers at all.
        refer_back: Whether what an earlier text of the conversation shows becomes a reference,
            and a result asked for again the changes since. False treats every text as if it
            stood alone, for agents that drop early messages from what was compressed.
        context_limit: Most tokens of all texts of a conversation, see `IntelligentContext`; over it
            older observations step down to an outline and then to one line with a handle. None
            leaves every text as compression wrote it. Tools and images are not counted.
        on_overflow: What to do with a conversation that does not fit even then: ``raise``
            `ContextLimitError`, or ``pass`` on what there is; the last decision says so.
        protect_recent: The newest messages that fitting leaves as they are; four hold the last
            call, its result and what was said about it.
        cache_minimum: The first tokens of a conversation that stay as they are, as long as it
            would otherwise fall short of the smallest prefix that the provider caches
            (``headroom.economics.pricing_for(model).minimum_prefix``). 0 never waits: most
            prompts are longer with their tools and instructions alone.
        align_cache: True makes what stands before the newest message the same at every turn, see
            `CacheAligner`: facts that change move to its end, tools stand in canonical order, and
            breakpoints and cache keys are set. Off by default, because a request is then changed
            where nothing was shortened, and its newest message grows.
        tidy_tools: True leaves annotations that say nothing out of the tool definitions of whole
            requests (`compress_request`): titles that repeat a name, defaults that absence means.
            Off by default, because a request is then changed where no message was shortened; never
            switch it in the middle of a conversation, whose cached prefix begins with the tools.
        grammars: Where the grammars for source code come from. ``official``: the runtime and the
            grammars that the core depends on. ``tree-sitter-languages``: that bundle, for
            environments that hold tree-sitter at 0.21 (Python up to 3.12). Never chosen by what is
            installed, because the two parse some files differently.
        namespace: Handles of one namespace are unknown in every other one.
    """

    fidelity: Fidelity = "balanced"
    min_tokens: int = 100
    tools: Mapping[str, ToolRule] = field(default_factory=dict)
    roles: tuple[str, ...] = ("tool",)
    protect_errors: bool = True
    retrieval: RetrievalMode = "handle"
    refer_back: bool = True
    context_limit: int | None = None
    on_overflow: OnOverflow = "raise"
    protect_recent: int = 4
    cache_minimum: int = 0
    align_cache: bool = False
    tidy_tools: bool = False
    grammars: Grammars = "official"
    namespace: str = ""

    def __post_init__(self) -> None:
        _check_fidelity(self.fidelity)
        _check_min_tokens(self.min_tokens)
        if self.retrieval not in _RETRIEVAL_MODES:
            known = ", ".join(_RETRIEVAL_MODES)
            raise ValueError(f"retrieval must be one of {known}; got {self.retrieval!r}")
        if self.grammars not in _GRAMMARS:
            known = ", ".join(_GRAMMARS)
            raise ValueError(f"grammars must be one of {known}; got {self.grammars!r}")
        if not isinstance(self.roles, tuple):
            raise TypeError("roles must be a tuple of role names")
        if unknown := [r for r in self.roles if r not in _ROLES]:
            raise ValueError(f"unknown roles {unknown!r}; known: {', '.join(_ROLES)}")
        _check_flag("align_cache", self.align_cache)
        _check_flag("refer_back", self.refer_back)
        _check_flag("tidy_tools", self.tidy_tools)
        _check_limits(self)
        if not isinstance(self.namespace, str):
            raise TypeError("namespace must be a string")
        if not isinstance(self.tools, Mapping):
            raise TypeError("tools must map tool names or globs to ToolRule")
        for name, rule in self.tools.items():
            _check_rule(name, rule)
        # A caller's dict could change under us; the configuration is a value.
        object.__setattr__(self, "tools", _Rules(self.tools))

    def rule_for(self, tool_name: str | None) -> ToolRule:
        """Return the rule of a tool: exact name first, then the first glob that matches."""
        if tool_name is None:
            return _NO_RULE
        exact = self.tools.get(tool_name)
        if exact is not None:
            return exact
        return next((r for g, r in self.tools.items() if fnmatchcase(tool_name, g)), _NO_RULE)
