import base64
import hashlib
import inspect
import json
import os
import random
import re
import subprocess
import sys

import pytest
import tiktoken
from tiktoken_ext import openai_public

from headroom.counting.models import counter_label
from headroom.counting.o200k import SLICE_CHARACTERS, O200kCounter
from headroom.counting.ranks import O200K_PATTERN, O200K_SHA256, o200k_ranks

COUNTER = O200kCounter()


def in_one_piece(text: str) -> int:
    encoding = tiktoken.Encoding(
        "whole", pat_str=O200K_PATTERN, mergeable_ranks=o200k_ranks(), special_tokens={}
    )
    return len(encoding.encode_ordinary(text))


def test_the_vendored_ranks_are_openais_file_byte_for_byte() -> None:
    lines = (
        base64.b64encode(token) + b" %d\n" % rank
        for token, rank in sorted(o200k_ranks().items(), key=lambda item: item[1])
    )
    assert hashlib.sha256(b"".join(lines)).hexdigest() == O200K_SHA256


def test_the_pattern_is_the_one_that_tiktoken_publishes() -> None:
    source = inspect.getsource(openai_public.o200k_base)
    published = re.findall(r'r"""(.*?)"""', source)
    assert O200K_PATTERN == "|".join(published)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("hello world", 2), ("<|endoftext|>", 7), ("\ud800", 1), ("naïve café 東京", 5)],
)
def test_known_texts_have_known_counts(text: str, tokens: int) -> None:
    assert COUNTER.count(text) == tokens


def test_slices_do_not_change_the_count_of_text_with_lines() -> None:
    rng = random.Random(7)
    words = ["error", "/usr/lib", "  indented", "", "}", "{", "x=1,", "東京", "\t", "- item"]
    text = "\n".join(
        " ".join(rng.choices(words, k=rng.randrange(9))) for _ in range(SLICE_CHARACTERS // 6)
    )
    assert len(text) > 2 * SLICE_CHARACTERS
    assert COUNTER.count(text) == in_one_piece(text)


def test_a_line_of_five_million_characters_is_counted() -> None:
    text = "ab " * 1_700_000
    assert abs(COUNTER.count(text) - 1_700_000) < 2_000


def test_counts_for_other_vendors_are_labelled_reference_tokens() -> None:
    assert counter_label("o200k_base", "gpt-4o-mini") == "o200k_base"
    assert counter_label("o200k_base", "openai/o3-mini") == "o200k_base"
    for model in ("claude-opus-5", "gemini-3-pro", "gpt-4", "gpt-3.5-turbo", None):
        assert counter_label("o200k_base", model) == "o200k_base reference"
    assert counter_label("my own", "claude-opus-5") == "my own"


def test_counting_touches_no_environment_variable_and_needs_no_cache() -> None:
    code = (
        "import json, os; before = dict(os.environ)\n"
        "from headroom.counting.default import default_counter\n"
        "n = default_counter().count('hello world')\n"
        "print(json.dumps([n, before == dict(os.environ)]))"
    )
    environment = {**os.environ, "TIKTOKEN_CACHE_DIR": "/nonexistent/place"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [2, True]
