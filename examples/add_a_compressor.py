"""Teach Headroom a kind of content of your own: Prometheus metrics.

A scrape repeats the name of each metric on every line. The compressor below

* recognises the format from its comment lines (`detect`),
* writes each name once, as a heading above its samples (`encode`, undone by `decode`), and
* in large scrapes keeps one sample of each metric and the ones that are asked about (`select`).

Run it: ``python examples/add_a_compressor.py``
"""

from __future__ import annotations

import re

from headroom import Compressor, Content, DecodingError, Encoding, Goal, MemoryStore, Selection
from headroom.selection.relevance import bm25

SAMPLE = re.compile(r"([a-zA-Z_:][\w:]*)(\{.*\}| .*)")


class MetricsCompressor:
    """Compress the Prometheus exposition format."""

    name = "metrics"
    kinds = ("metrics",)
    notations = ("metrics",)

    def detect(self, content: Content) -> str | None:
        """Recognise a scrape by its ``# TYPE`` comments, from its first two thousand characters."""
        return "metrics" if re.search(r"^# TYPE \w+ \w+$", content.text[:2000], re.M) else None

    def encode(self, content: Content) -> Encoding | None:
        """Write a metric's name once above its samples; samples are indented by one space."""
        if any(line.startswith((" ", "=")) for line in content.lines):
            return None  # would be read back as our own signs
        written: list[str] = []
        heading = ""
        for line in content.lines:
            found = SAMPLE.fullmatch(line)
            if found is None:
                heading = ""
                written.append(line)
                continue
            if found[1] != heading:
                heading = found[1]
                written.append(f"={heading}")
            written.append(f" {found[2]}")
        return Encoding("metrics", "=name, then its samples", "\n".join(written))

    def decode(self, encoding: Encoding) -> str:
        """Put each name back in front of its samples."""
        lines: list[str] = []
        heading: str | None = None
        for line in encoding.body.split("\n"):
            if line.startswith("="):
                heading = line[1:]
            elif not line.startswith(" "):
                lines.append(line)
            elif heading is None:
                raise DecodingError("a sample without a name")
            else:
                lines.append(heading + line[1:])
        return "\n".join(lines)

    def select(self, content: Content, goal: Goal) -> Selection | None:
        """Keep the first sample of each metric, and those that the question names."""
        scores = bm25(content.question, content.lines)
        best = sorted(range(len(scores)), key=lambda n: (-scores[n], n))[:20]
        keep = {n for n in best if scores[n] > 0}
        seen: set[str] = set()
        for number, line in enumerate(content.lines):
            found = SAMPLE.fullmatch(line)
            name = found[1] if found else ""
            if found and name not in seen:
                keep.add(number)
            seen.add(name)
        kept = [content.lines[n] for n in sorted(keep)]
        return Selection("lines", len(kept), len(content.lines), "\n".join(kept))


def scrape() -> str:
    """Return a scrape as an HTTP service would expose it."""
    lines = []
    for metric in ("http_requests_total", "http_request_duration_seconds_count"):
        lines.append(f"# TYPE {metric} counter")
        lines += [
            f'{metric}{{path="/api/v1/items/{item}",status="{status}"}} {item * 37 + status}'
            for item in range(40)
            for status in (200, 404, 500)
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Show the lossless form, its inverse, and a selection."""
    text = scrape()
    lossless = MetricsCompressor().encode(Content(text, counter=Compressor().counter))
    assert lossless is not None
    assert MetricsCompressor().decode(lossless) == text

    compressor = Compressor(store=MemoryStore(), compressors=(MetricsCompressor(),))
    result = compressor.compress_text(text, query="How many requests to item 17 failed with 500?")
    print(result.text)
    print(result.explain())
    assert 'items/17",status="500"} 1129' in result.text
    assert compressor.retrieve(result.handles[0]).text == text


if __name__ == "__main__":
    main()
