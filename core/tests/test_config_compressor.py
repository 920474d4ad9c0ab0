"""Configuration: what stays, what is counted, and what is not taken for configuration."""

from __future__ import annotations

import random

import config_texts
import pytest

from headroom.compressors.config import ConfigCompressor
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.originals.markers import write_gap
from headroom.routing.config_kind import find_config

COUNTER = O200kCounter()
MADE = [(make, seed) for make in config_texts.MAKERS for seed in (1, 2, 3)]
made = pytest.mark.parametrize(("make", "seed"), MADE, ids=lambda x: getattr(x, "__name__", str(x)))


def content(text: str, question: str = "", **more: object) -> Content:
    """Return the text as the engine hands it over."""
    kind = find_config(text)
    assert kind is not None
    return Content(text=text, counter=COUNTER, kind=kind, question=question, **more)  # type: ignore[arg-type]


def select(text: str, question: str = "", *, target: int = 500, **more: object) -> Selection:
    """Return what stays of a text."""
    goal = Goal("balanced", target, asked=bool(question))
    selection = ConfigCompressor().select(content(text, question, **more), goal)
    assert selection is not None
    return selection


def kept_lines(selection: Selection) -> list[str]:
    """Return the body's lines without gaps."""
    return [line for line in selection.body.split("\n") if not line.strip().startswith("[")]


@made
def test_the_kind_of_a_text_is_recognised(make: config_texts.Maker, seed: int) -> None:
    text = make(seed)
    assert find_config(text.text) == text.kind


@made
def test_what_a_question_asks_for_stays(make: config_texts.Maker, seed: int) -> None:
    text = make(seed)
    for needle in text.needles:
        body = select(text.text, needle.question, target=COUNTER.count(text.text) // 6).body
        for part in needle.must:
            assert part in body


@made
def test_a_selection_is_much_smaller_than_the_text(make: config_texts.Maker, seed: int) -> None:
    text = make(seed)
    before = COUNTER.count(text.text)
    for needle in text.needles:
        body = select(text.text, needle.question, target=before // 6).body
        assert COUNTER.count(body) <= 0.45 * before


@made
def test_kept_lines_are_the_originals_in_order_and_counted(
    make: config_texts.Maker, seed: int
) -> None:
    text = make(seed).text
    for question in ("", make(seed).needles[0].question):
        goal = Goal("balanced", 400, asked=bool(question))
        selection = ConfigCompressor().select(content(text, question), goal)
        if selection is None:
            continue
        lines = iter(text.split("\n"))
        shown = [x for x in selection.body.split("\n") if not x.endswith(" lines omitted]")]
        assert all(line in lines for line in shown)
        assert len(shown) == selection.kept
        assert selection.total == len(text.rstrip("\n").split("\n"))


@made
def test_every_kept_line_stands_below_the_lines_that_lead_to_it(
    make: config_texts.Maker, seed: int
) -> None:
    text = make(seed)
    if text.kind not in ("yaml", "describe"):
        return
    lines = text.text.split("\n")
    shown = select(text.text, text.needles[0].question).body.split("\n")
    shown = [line for line in shown if not line.endswith(" lines omitted]")]
    at = -1
    kept: list[int] = []
    for line in shown:
        at = lines.index(line, at + 1)
        kept.append(at)
    places = set(kept)
    for i in kept:
        above = _parent(lines, i)
        assert above is None or above in places or lines[above] in shown


def _parent(lines: list[str], at: int) -> int | None:
    indent = len(lines[at]) - len(lines[at].lstrip())
    for i in range(at - 1, -1, -1):
        if lines[i].strip() and len(lines[i]) - len(lines[i].lstrip()) < indent:
            return i
    return None


def test_stanzas_that_repeat_are_written_as_differences() -> None:
    text = config_texts.pods(1).text
    encoding = ConfigCompressor().encode(content(text))
    assert encoding is not None
    assert COUNTER.count(encoding.body) <= 0.6 * COUNTER.count(text)
    assert ConfigCompressor().decode(encoding) == text


def test_every_value_stands_whole_beside_its_key_without_loss() -> None:
    text = config_texts.pods(2).text
    encoding = ConfigCompressor().encode(content(text))
    assert encoding is not None
    below = set(encoding.body.split("\n"))
    assert {x for x in text.split("\n") if "podIP" in x or "  name: " in x} <= below


def test_a_text_without_repetition_has_no_lossless_form() -> None:
    assert ConfigCompressor().encode(content(config_texts.settings(1).text)) is None


def test_a_mapping_of_like_mappings_is_folded() -> None:
    shape = (
        "  {}:\n    image: shop:{}\n    restart: always\n    networks: [front, back]\n    cpus: 1\n"
    )
    names = ("web", "cart", "mail", "search", "stock", "orders", "billing", "gateway")
    text = "services:\n" + "".join(shape.format(name, i) for i, name in enumerate(names))
    encoding = ConfigCompressor().encode(content(text))
    assert encoding is not None
    assert encoding.body.count("restart: always") == 1


@pytest.mark.parametrize(
    "body",
    [
        "=1:0",
        "@1:5\na\n=1:0",
        "@1:1\n=1:1\nx: 1",
        "=1:9\nx",
        "@1:1\na: 1\n=1:1\n-7",
        "@1:1\na: 1\n=1:1\nb: 2",
    ],
)
def test_a_malformed_body_is_a_decoding_error(body: str) -> None:
    with pytest.raises(DecodingError):
        ConfigCompressor().decode(Encoding("stanzas", "", body))


def test_another_notation_is_a_decoding_error() -> None:
    with pytest.raises(DecodingError):
        ConfigCompressor().decode(Encoding("table", "", "a"))


def test_a_body_that_doubles_itself_without_end_is_refused() -> None:
    lines = ["@1:1", "x" * 1000]
    for i in range(1, 60):
        lines += [f"@{i + 1}:{2**i}", *([f"={i}:0"] * 2)]
    with pytest.raises(DecodingError):
        ConfigCompressor().decode(Encoding("stanzas", "", "\n".join(lines)))


def test_every_change_of_a_plan_keeps_its_header_and_the_summary_stays() -> None:
    text = config_texts.plan(3).text
    body = select(text, "Is this plan safe to apply?").body
    headers = [x for x in text.split("\n") if x.startswith("  # ") and "aws_instance" in x]
    assert len(headers) == 14
    assert all(header in body for header in headers)
    assert "Plan: 1 to add, 13 to change, 1 to destroy." in body


def test_the_largest_value_of_a_field_stays_when_the_question_speaks_of_the_field() -> None:
    rng = random.Random(5)
    sizes = [f"{rng.choice((128, 256, 512))}Mi" for _ in range(60)]
    sizes[41] = "3Gi"
    items = (f"- name: job-{i}\n  memory: {x}\n  image: shop\n" for i, x in enumerate(sizes))
    body = select("jobs:\n" + "".join(items), "Which job uses the most memory?", target=120).body
    assert "- name: job-41\n  memory: 3Gi" in body


def test_the_stanza_that_the_question_names_stays_before_others() -> None:
    items = (
        f"[job-{i}]\ncommand = run {i}\nretries = {i % 5}\nowner = team-{i}\n" for i in range(90)
    )
    body = select("".join(items), "How many retries has job-57?", target=80).body
    assert "[job-57]" in body
    assert "retries = 2" in body[body.index("[job-57]") :][:80]


def test_an_abbreviated_setting_is_found_by_the_whole_word() -> None:
    text = "".join(f"service.number.{i} = {i}\n" for i in range(200)) + "conn.max = 17\n"
    body = select(text, "What is the maximum of service connections?", target=60).body
    assert "conn.max = 17" in body


def test_lines_to_keep_stay_whatever_they_cost() -> None:
    text = config_texts.pods(4).text
    selection = select(text, "Which pod is not ready?", target=100, keep=("hostIP",))
    assert selection.body.count("hostIP") == text.count("hostIP")


def test_with_no_question_only_noise_and_repetition_go() -> None:
    text = config_texts.pods(5).text
    body = select(text).body
    assert "managedFields" not in body
    for line in text.split("\n"):
        if line.strip().startswith(("reason:", "podIP:", "nodeName:")):
            assert line in body


def test_a_file_that_is_its_own_manual_keeps_every_setting_and_the_start_of_each_comment() -> None:
    shape = "# Option {0} is about the number of things.\n# It has a default.\n" + (
        "# There is more to say about this, and it is said here at length.\n" * 4
    )
    text = "".join(f"{shape.format(i)}# old-{i} 7\noption-{i} {i}\n\n" for i in range(30))
    body = select(text).body
    for i in range(30):
        assert f"# Option {i} is" in body
        assert f"# old-{i} 7\noption-{i} {i}" in body
    assert "said here at length" not in body


def workers(count: int = 20) -> str:
    """A mapping of services, of which every fifth serves another queue."""
    return "services:\n" + "".join(
        f"  worker-{n:02}:\n    image: shop/worker:{n % 4}.{n}\n    restart: on-failure\n"
        f"    environment:\n      QUEUE: {'invoice' if n % 5 == 0 else 'mail'}\n"
        f"      LOG_LEVEL: info\n      DATABASE_URL: postgres://shop@db:5432/shop\n"
        for n in range(count)
    )


def test_what_most_repeats_say_of_a_field_the_others_say_too() -> None:
    encoding = ConfigCompressor().encode(content(workers()))
    assert encoding is not None
    _, _, worker = encoding.body.partition("  worker-15:\n")
    assert worker.splitlines()[1:3] == ["    image: shop/worker:3.15", "      QUEUE: invoice"]
    assert encoding.body.count("restart: on-failure") == 1


def test_a_stanza_whose_name_the_question_says_is_written_whole() -> None:
    text = workers()
    encoding = ConfigCompressor().encode(content(text, "When is worker-13 restarted?"))
    assert encoding is not None
    assert text.partition("  worker-13:\n")[2].partition("  worker-14")[0] in encoding.body
    assert encoding.body.count("restart: on-failure") == 2
    assert ConfigCompressor().decode(encoding) == text


def test_what_nearly_all_say_is_a_setting_and_no_failure() -> None:
    text = workers(40).replace("on-failure\n", "always\n", 1)
    goal = Goal("aggressive", 60, asked=True)
    found = ConfigCompressor().select(content(text, "Which worker restarts always?"), goal)
    assert found is not None
    assert "worker-00:\n" in found.body
    assert "restart: always" in found.body
    assert found.body.count("restart: on-failure") <= 4


def test_an_aggressive_selection_is_not_filled_up_with_what_comes_first() -> None:
    text = workers(40)
    goal = Goal("aggressive", 200, asked=True)
    found = ConfigCompressor().select(content(text, "Which image has worker-31?"), goal)
    assert found is not None
    assert "worker-31:\n    image: shop/worker:3.31" in found.body
    assert found.kept <= 12


SYSCTL = "".join(
    f"net.ipv4.conf.{device}.{name} = {7 if (device, name) == ('lo', 'mtu') else value}\n"
    for device in ("all", "default", "eth0", "lo")
    for value, name in enumerate(("accept_local", "arp_filter", "forwarding", "mtu", "rp_filter"))
)


def test_with_nobody_asking_a_setting_of_many_objects_is_shown_once_for_each_value() -> None:
    text = f"{SYSCTL}vm.swappiness = 60\n"
    call = "sysctl -a net.ipv4.conf"
    goal = Goal("balanced", 500, asked=True)
    found = ConfigCompressor().select(content(text, "Go on.", arguments=call), goal)
    assert found is not None
    kept = kept_lines(found)
    assert kept[:5] == SYSCTL.split("\n")[:5]
    assert kept[5:] == ["net.ipv4.conf.lo.mtu = 7", "vm.swappiness = 60"]


def test_with_nobody_asking_the_digests_of_a_lock_file_go_and_its_versions_stay() -> None:
    lock = "".join(
        f'[[package]]\nname = "part-{n}"\nversion = "{n}.0"\nwheels = [\n'
        f'    {{ url = "https://files.example/part_{n}.whl", hash = "sha256:{n:064x}" }},\n]\n\n'
        for n in range(30)
    )
    found = select(lock)
    assert "sha256" not in found.body
    assert all(f'name = "part-{n}"\nversion = "{n}.0"' in found.body for n in range(30))


def test_longer_gaps_are_counted_at_their_indentation() -> None:
    text = config_texts.pods(6).text
    body = select(text, "Which pod is not ready and why?", target=200).body
    gaps = [line for line in body.split("\n") if line.endswith(" lines omitted]")]
    assert gaps
    assert any(gap.startswith(" ") for gap in gaps)
    assert all(gap.strip() == write_gap(int(gap.strip()[1:].split()[0]), "lines") for gap in gaps)


def test_a_custom_relevance_decides_what_is_named() -> None:
    text = config_texts.settings(7).text
    wanted = text.split("\n")[100]

    def relevance(question: str, units: object) -> list[float]:
        return [float(unit == wanted) for unit in units]  # type: ignore[attr-defined]

    assert wanted in select(text, "Anything?", target=60, relevance=relevance).body


def test_windows_line_ends_survive_both_ways() -> None:
    text = config_texts.pods(8).text.replace("\n", "\r\n")
    encoding = ConfigCompressor().encode(content(text))
    assert encoding is not None
    assert ConfigCompressor().decode(encoding) == text


def test_a_text_of_a_few_lines_is_read_whole() -> None:
    goal = Goal("balanced", 10, asked=True)
    assert ConfigCompressor().select(content("a:\n  b: 1\n  c: 2\n  d: 3\n", "b"), goal) is None


NEITHER = {
    "a log": "".join(
        f"2026-03-01T10:00:{i:02}Z INFO pool=main size={i} took={i}ms\n" for i in range(40)
    ),
    "a log of pairs": "".join(f"level=info msg=ready size={i} worker={i % 3}\n" for i in range(40)),
    "levels": "".join(f"ERROR: job {i} failed\nINFO: job {i} restarted\n" for i in range(20)),
    "Markdown": "---\ntitle: Guide\ndate: 2026\n---\n# Guide\n\nSome words of prose.\n\n"
    "## Install\n\nMore words, and a list:\n\n- one\n- two\n\nThe end of it.\n",
    "a list": "# Shopping\n\n- bread and butter\n- milk\n- apples\n\nNotes: buy early.\n",
    "prose": "Note: this is prose.\nIt was said: yes.\nAnd then: no.\n"
    "The end: never.\nSo it goes on.\n",
    "a dialogue": "User: hello there\nAssistant: hi\nUser: how are you\nAssistant: fine\n" * 6,
    "Python": "import os\n\nclass A:\n    x = 1\n    y: int = 2\n\n"
    "    def f(self):\n        return\n",
    "constants": "from a import b\n\nX = 1\nY = 2\nZ = b(3)\n",
    "JavaScript": "const a = {\n  b: 1,\n  c: 2,\n};\nfunction f() {\n  return a;\n}\n",
    "CSS": "a {\n  color: red;\n  margin: 0;\n}\nb {\n  color: blue;\n}\n",
    "a shell script": '#!/bin/sh\nA=1\nB=2\nif [ "$A" = 1 ]; then\n  echo $B\nfi\nC=3\n',
    "CSV": "name,size,time\na,1,2\nb,2,3\nc,3,4\nd,4,5\n",
    "a search result": "".join(f"src/app.py:{i}:    value = {i}\n" for i in range(20)),
    "JSON": '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n',
    "a table": "NAME    READY   STATUS\nweb-1   1/1     Running\nweb-2   1/1     Running\n"
    "web-3   0/1     Error\nweb-4   1/1     Running\n",
}


@pytest.mark.parametrize("what", NEITHER)
def test_what_is_no_configuration_is_not_claimed(what: str) -> None:
    assert find_config(NEITHER[what]) is None


CONFIGURATION = {
    "TOML": '[project]\nname = "a"\nversion = "1"\ndependencies = [\n  "b>=1",\n]\n'
    "\n[tool.x]\ny = true\n",
    "properties": "server.port=8080\nserver.host=a\n# comment\nspring.name=b\nlogging.level=info\n",
    "an environment": "HOME=/root\nexport PATH=/bin:/usr/bin\nLANG=C.UTF-8\nUSER=root\n",
    "HCL": 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n  tags = {\n'
    '    Name = "a"\n  }\n}\n',
    "a server": "server {\n  listen 80;\n  server_name a.b;\n  location / {\n"
    "    root /srv;\n  }\n}\n",
    "git config": "user.name=A B\nuser.email=a@b.c\ncore.bare=false\n"
    "remote.origin.url=https://a.b/c\n",
    "redis": "# Server\nredis_version:7.0\ntcp_port:6379\n\n# Clients\n"
    "connected_clients:1\nmaxclients:9\n",
    "a report": "Architecture: x86_64\nCPU(s): 2\nVendor ID: Intel\nModel name: Xeon\n"
    "L3 cache: 32 MiB\nSockets: 1\n",
    "directives": "# the port\nPort 22\n# who\nPermitRootLogin no\n# more\nUsePAM yes\n",
}


@pytest.mark.parametrize("what", CONFIGURATION)
def test_what_is_configuration_is_claimed(what: str) -> None:
    assert find_config(CONFIGURATION[what]) == "config"


def test_what_systemctl_prints_is_a_description_although_a_log_follows() -> None:
    text = (
        "\u25cf web.service - Web\n     Loaded: loaded (/etc/web.service; enabled)\n"
        "     Active: failed (Result: exit-code) since Mon 2026-03-02\n   Main PID: 7 (exited)\n\n"
    ) + "".join(f"Mar 02 10:00:{i:02} host web[7]: line {i}\n" for i in range(20))
    assert find_config(text) == "describe"
