"""Plain text of lines: what belongs together, what stays for a question, what is left alone."""

from __future__ import annotations

import argparse
import re

from headroom import Compressor, MemoryStore
from headroom.compressors.interface import Content, Goal
from headroom.compressors.lines import LinesCompressor
from headroom.counting.o200k import O200kCounter
from headroom.selection.entries import read_entries

counter = O200kCounter()
compressor = LinesCompressor()
GOAL = Goal("balanced", 450, asked=True)
GAP = re.compile(r"^\[(\d+) entries omitted\]$", re.MULTILINE)

TOPICS = ("mirror", "proxy", "cache", "archive", "journal", "snapshot", "tenant", "quota")


def help_page() -> str:
    """Return the help of a program with four options on each of eight topics."""
    parser = argparse.ArgumentParser("store", description="Keep things, and find them again.")
    for topic in TOPICS:
        group = parser.add_argument_group(topic, f"What concerns the {topic}.")
        group.add_argument(f"--{topic}-path", metavar="FOLDER", help=f"where the {topic} lives")
        group.add_argument(
            f"--{topic}-max-age",
            type=int,
            help=f"delete from the {topic} what is older than so many days; zero keeps all, which "
            "is the default because nobody likes to lose anything that was meant to be kept",
        )
        group.add_argument(f"--no-{topic}", action="store_true", help=f"do without the {topic}")
        group.add_argument(f"--verify-{topic}", action="store_true", help="read it back after use")
    return parser.format_help()


def entries(text: str) -> list[str]:
    return [text[unit.start : unit.end] for unit in read_entries(text)]


def test_what_is_indented_below_a_line_belongs_to_it() -> None:
    text = "-a  all\n-b  both\n      at once\n\n      or not\n-c  none\n"
    assert entries(text) == ["-a  all", "-b  both\n      at once\n\n      or not", "-c  none"]


def test_a_large_entry_is_divided_below_its_first_line() -> None:
    text = "fruit:\n" + "".join(f"  sort {i}\n    sweet\n" for i in range(20)) + "wood:\n  oak\n"
    units = read_entries(text)
    found = entries(text)
    assert found[0] == "fruit:"
    assert found[1] == "  sort 0\n    sweet"
    assert found[-1] == "wood:\n  oak"
    assert [unit.needs for unit in units] == [(), *[(0,)] * 20, ()]


def test_a_wrapped_line_goes_on_in_the_next_and_a_new_one_does_not() -> None:
    assert entries("It was\nlate.\nThen\ncame") == ["It was\nlate.", "Then\ncame"]


def test_the_option_that_was_asked_for_stays_whole_below_its_group() -> None:
    page = help_page()
    found = compressor.select(Content(page, counter, question="How old may a snapshot be?"), GOAL)
    assert found is not None
    asked = page[page.index("  --snapshot-max-age") : page.index("  --no-snapshot")]
    assert asked.rstrip("\n") in found.body
    assert "\nsnapshot:\n" in found.body
    assert counter.count(found.body) < 0.4 * counter.count(page)


def test_an_identifier_in_the_question_outweighs_its_parts() -> None:
    page = help_page()
    found = compressor.select(Content(page, counter, question="Explain --no-quota please"), GOAL)
    assert found is not None
    assert "  --no-quota" in found.body


def test_kept_and_omitted_entries_add_up() -> None:
    page = help_page()
    found = compressor.select(Content(page, counter, question="Where does the cache live?"), GOAL)
    assert found is not None
    assert found.total == len(read_entries(page))
    assert found.kept + sum(map(int, GAP.findall(found.body))) == found.total


def test_nothing_is_left_out_where_nothing_was_asked() -> None:
    compress = Compressor(store=MemoryStore()).compress_text
    assert compress(help_page(), query="Go on.").text == help_page()
    assert compress(help_page()).text == help_page()


def test_the_commands_own_words_ask_for_nothing() -> None:
    content = Content(help_page(), counter, question="Go ahead.", arguments="store cache --help")
    assert compressor.select(content, GOAL) is None


def test_what_must_stay_stays() -> None:
    content = Content(
        help_page(), counter, question="Where does the cache live?", keep=("--verify-tenant",)
    )
    found = compressor.select(content, GOAL)
    assert found is not None
    assert "--verify-tenant" in found.body[found.body.index("tenant:") :]


def test_a_program_in_a_language_without_a_compressor_stays_whole() -> None:
    lines = "".join(
        f"  local value_{i} = read({i})\n  if (value_{i}) {{\n  }}\n" for i in range(40)
    )
    assert compressor.detect(Content(lines, counter)) is None


def test_a_help_page_is_plain_text_to_the_bundled_compressors() -> None:
    done = Compressor(store=MemoryStore()).compress_text(
        help_page(), query="How is the journal verified?"
    )
    assert done.decisions[0].compressor == "lines"
    assert "--verify-journal" in done.text
