"""The eight promises, on the core's own entry points and the two formats most agents speak."""

from pathlib import Path

from headroom_conformance import AnthropicConformance, OpenAIChatConformance

ROOT = Path(__file__).parents[3]
RECORDINGS = (
    ROOT / "examples" / "recordings",
    # Beside the repository; its conversations are not part of it.
    ROOT.parent / "shared" / "data" / "open" / "traces",
)


class TestOpenAIChat(OpenAIChatConformance):
    recordings = RECORDINGS


class TestAnthropic(AnthropicConformance):
    recordings = RECORDINGS
