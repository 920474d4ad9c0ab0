"""Web pages through the compressor: what is recognised, what stays, what is counted, and limits."""

from __future__ import annotations

import re
import time
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from headroom import CompressionConfig, Compressor, MemoryStore
from headroom.compressors.html import HtmlCompressor
from headroom.compressors.html_tree import read_page
from headroom.compressors.interface import Content, Encoding, Goal, Selection
from headroom.counting.o200k import O200kCounter
from headroom.errors import DecodingError
from headroom.routing.html_kind import find_html

counter = O200kCounter()
compressor = HtmlCompressor()
OPEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "open" / "html"


def _select(html: str, question: str = "", **more: object) -> Selection:
    content = Content(html, counter, question=question, **more)  # type: ignore[arg-type]
    selection = compressor.select(content, Goal("balanced", 450, asked=bool(question)))
    assert selection is not None
    return selection


def _body(inside: str, question: str = "") -> str:
    return _select(f"<!DOCTYPE html><html><body>{inside}</body></html>", question).body


def _shop(products: int = 200) -> str:
    """Return the page of a shop: long enough that a question chooses among its products."""
    cards = "".join(
        f'<div class="card" data-sku="SKU-{n}"><h3><a href="/p/{n}">Mug number {n}</a></h3>'
        f"<p>A mug made of stoneware, fired at {900 + n} degrees in kiln {n % 7}.</p>"
        f'<p class="price">{n}.50 EUR</p></div>'
        for n in range(1, products + 1)
    )
    return (
        "<!DOCTYPE html><html lang=en><head><title>Mugs - Potter</title>"
        '<meta name="author" content="Ann Potter"><style>.card{color:red}</style>'
        '<script>window.track={"id":"GTM-77XK"}</script></head><body>'
        '<header><a href="/">Home</a></header><nav><ul><li><a href="/mugs">Mugs</a>'
        '<li><a href="/bowls">Bowls</a></ul></nav><div id="cookie-banner">We use cookies.</div>'
        f"<main><h1>Mugs</h1>{cards}</main>"
        "<footer>Write to kiln@potter.example or call 0800 12345.</footer></body></html>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>x</p>",
        "\ufeff\n<html><body>x</body></html>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html xmlns="http://www.w3.org/1999/xhtml">',
        "<!-- saved -->\n<!doctype HTML>\n<title>x</title>",
        '<div class="a"><p>x</p></div>' * 4,
        "<table><tr><td>1</td><td>2</td></tr></table>" * 2,
    ],
)
def test_pages_and_fragments_are_html(text: str) -> None:
    assert find_html(text) == "html"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text about <b>HTML</b> tags",
        '<?xml version="1.0"?><project><dependencies><dependency/></dependencies></project>' * 9,
        '<rss version="2.0"><channel><item><title>x</title><link>y</link></item></channel></rss>'
        * 5,
        '<svg xmlns="http://www.w3.org/2000/svg"><g><path d="M0"/><path d="M1"/></g></svg>' * 5,
        '<testsuites><testsuite name="a"><testcase name="b"/></testsuite></testsuites>' * 5,
        "<html><body>{% for item in items %}<p>{{ item }}</p>{% endfor %}</body></html>",
        "<!DOCTYPE html><?php echo 1; ?>",
        '<div className="a"><p>x</p></div>' * 4,
        '{"html": "<!DOCTYPE html>"}',
    ],
)
def test_other_texts_with_tags_are_not_html(text: str) -> None:
    assert find_html(text) is None


def test_the_main_content_stays_and_what_is_around_it_is_counted() -> None:
    selection = _select(_shop())
    assert selection.body.startswith("Author: Ann Potter\n\n# Mugs\n\n### [Mug")
    assert all(f"[Mug number {n}](/p/{n})" in selection.body for n in range(1, 201))
    for gone in ("cookies", "GTM-77XK", "Bowls", "kiln@potter.example", "color:red"):
        assert gone not in selection.body
    assert selection.summary == (
        "page as Markdown; left out: navigation 2, page header 1, page footer 1, notices 1, "
        "metadata 2, scripts 1, styles 1, markup"
    )
    assert selection.total - selection.kept == 9 + 1


def test_a_question_chooses_and_the_gaps_add_up() -> None:
    selection = _select(_shop(), "Which mug was fired at 977 degrees?")
    assert "Mug number 77" in selection.body
    assert "Mug number 150" not in selection.body
    gaps = sum(map(int, re.findall(r"^\[(\d+) parts omitted\]$", selection.body, re.MULTILINE)))
    assert selection.total - selection.kept == gaps + 9 + 1


def test_a_question_for_what_stands_around_the_content_finds_it() -> None:
    selection = _select(_shop(), "What is the phone number to call (0800)?")
    assert "Write to kiln@potter.example or call 0800 12345." in selection.body


def test_attributes_and_scripts_are_found_behind_the_handle() -> None:
    html = _shop()
    for page in (html, html.replace(">", ">\n")):
        ours = Compressor(store=MemoryStore())
        handle = ours.compress_text(page).handles[0]
        for question, fact in (
            ("Which data-sku has Mug number 42?", "SKU-42"),
            ("What is the id of window.track?", "GTM-77XK"),
            ("Who is the author?", "Ann Potter"),
        ):
            found = ours.retrieve(handle, query=question, max_tokens=500)
            assert fact in found.text
            assert counter.count(found.text) <= 500
        assert ours.retrieve(handle).text == page


def test_structure_is_written_as_markdown() -> None:
    body = _body(
        "<h2>Lists</h2><ol start=3><li>three<li>four<ul><li>deep</ul></ol>"
        "<dl><dt>Weight<dd>300 g</dl><blockquote><p>Said</blockquote>"
        '<pre><code class="language-python">def f():\n    return "&lt;x&gt;"\n</code></pre>'
        "<p>Mass <code>m</code>, 10<sup>6</sup>, <del>9</del> 8, a<br>b,"
        ' <abbr title="As Soon As Possible">ASAP</abbr></p>'
    )
    assert body == (
        "## Lists\n3. three\n4. four\n   - deep\n\nWeight\n: 300 g\n\n> Said\n\n"
        '```python\ndef f():\n    return "<x>"\n```\n\n'
        "Mass `m`, 10^6, ~~9~~ 8, a\nb, ASAP (As Soon As Possible)"
    )


def test_an_item_with_a_heading_is_a_section() -> None:
    body = _body("<ul><li><h3>Blue mug</h3><p>9 EUR</p><li><h3>Red mug</h3><p>8 EUR</p></ul>")
    assert body == "### Blue mug\n\n9 EUR\n\n### Red mug\n\n8 EUR"


def test_labels_side_by_side_stand_apart_and_code_stays_together() -> None:
    assert _body("<p><span class=price>9</span><span class=badge>Sold out</span>") == "9 Sold out"
    code = "<code><span class=k>a</span><span class=k>b</span></code>"
    assert _body(f"<p>{code} and <b>b</b>old") == "`ab` and bold"


def test_tables_of_data_keep_their_columns() -> None:
    body = _body(
        "<table><tr><th>Size<th>Stock<th>Price</tr><tr><td rowspan=2>S<td>1<td>9|0</tr>"
        "<tr><td>2<td>11</tr><tr><td>L<td colspan=2>none</tr></table>"
    )
    assert body.split("\n") == [
        "| Size | Stock | Price |",
        "|---|---|---|",
        "| S | 1 | 9\\|0 |",
        "| S | 2 | 11 |",
        "| L | none |  |",
    ]


def test_rows_of_a_name_and_a_value_become_a_list() -> None:
    body = _body("<table><tr><th>CPU<td>8 cores</tr><tr><th>Disk<td>2 TB</tr></table>")
    assert body == "- CPU: 8 cores\n- Disk: 2 TB"


def test_tables_for_layout_are_read_through() -> None:
    body = _body(
        "<table><tr><td><table><tr><td><p>Dear Ann,</p><p>it has shipped.</p></td></tr></table>"
        "</td></tr><tr><td>Regards</td></tr></table>"
    )
    assert body == "Dear Ann,\n\nit has shipped.\n\nRegards"


def test_form_fields_say_what_to_fill_in() -> None:
    body = _body(
        '<form action="/order" method=post>'
        "<label>Mail <input type=email name=mail required></label>"
        "<select name=to><option value=DE selected>Germany<option value=FR>France</select>"
        "<input type=hidden name=csrf value=s3cret><button name=go>Order</button></form>"
    )
    assert body == (
        "[form post /order]\n\nMail [input email name=mail required] "
        "[select name=to: DE Germany (selected), FR France] [button name=go: Order]"
    )


def test_what_is_hidden_stays_away_unless_it_only_waits_for_a_click() -> None:
    body = _body(
        "<p>Shown<span style='display: none'>hidden</span> on.</p><div hidden>gone</div>"
        "<div role=tabpanel hidden>second tab</div><details><summary>More</summary>folded</details>"
    )
    assert "hidden" not in body
    assert "gone" not in body
    assert body == "Shown on.\n\nsecond tab\n\nMore\n\nfolded"


def test_an_article_without_a_landmark_is_never_lost() -> None:
    text = " ".join(f"Sentence {n} of the story goes on and on." for n in range(40))
    for wrapper in ("<div class='sidebar'>", "<header>", "<div id='menu-content'>", "<aside>"):
        assert "Sentence 39 of the story" in _body(f"{wrapper}<p>{text}</p>")


def test_a_small_main_element_does_not_hide_the_article() -> None:
    text = " ".join(f"Sentence {n} of the story goes on and on." for n in range(40))
    assert "Sentence 39" in _body(f"<main>Loading</main><div><p>{text}</p></div>")


def test_a_page_of_an_application_shows_what_it_says_of_itself() -> None:
    html = (
        '<!DOCTYPE html><head><title>Cart</title><meta name=description content="Buy mugs">'
        '<script type="application/ld+json">{"price": "9.99"}</script></head>'
        "<body><noscript>Enable JavaScript.</noscript><div id=root></div></body>"
    )
    body = _select(html).body
    assert body.startswith("Title: Cart\nBuy mugs\n")
    assert '{"price": "9.99"}' in body
    assert "Enable JavaScript." in body


def test_the_page_of_an_error_shows_the_exception_whatever_is_asked() -> None:
    settings = "".join(f"<tr><td>SETTING_{n}<td>value {n}</tr>" for n in range(600))
    html = (
        "<!DOCTYPE html><title>OperationalError at /orders</title><h1>OperationalError</h1>"
        "<pre>django.db.utils.OperationalError: no such table: shop_order</pre>"
        f"<h2>Settings</h2><table><tr><th>Name<th>Value</tr>{settings}</table>"
    )
    body = _select(html, "What is the value of SETTING_77?").body
    assert "django.db.utils.OperationalError: no such table: shop_order" in body
    assert "| SETTING_77 | value 77 |" in body
    assert "SETTING_300" not in body


def test_links_keep_their_targets_where_they_are_few_or_asked_for() -> None:
    links = "".join(
        f"<p>Some words on the topic {n} and its <a href='/wiki/Page_{n}'>page {n}</a>, at length."
        for n in range(60)
    )
    assert "(/wiki/Page_7)" not in _body(links)
    assert "(/wiki/Page_7)" in _body(links, "Where does the link to page 7 lead?")
    assert _body("<p>See <a href='/wal.html'>the log</a>. " + "Words. " * 20).startswith(
        "See [the log](/wal.html)."
    )


def test_the_cut_names_of_a_directory_listing_have_their_targets() -> None:
    body = _body(
        '<h1>Index of /pub/</h1><pre><a href="a.gz">a.gz</a>  12-Jan-2024 10:00  12\n'
        '<a href="a-very-long-name.tar.gz">a-very-long-n..&gt;</a>  13-Jan-2024 11:00  99\n</pre>'
    )
    assert "a.gz  12-Jan-2024 10:00  12" in body
    assert "a-very-long-n..> (a-very-long-name.tar.gz)  13-Jan-2024" in body


def test_other_scripts_keep_their_characters() -> None:
    body = _body("<p dir=rtl>مرحبا <b>بك</b><p>日本語<b>の</b>文&eacute;&#128512;")
    assert body == "مرحبا بك\n\n日本語の文é😀"


def test_what_the_caller_keeps_stays_or_the_page_stays_as_it_is() -> None:
    html = _shop()
    kept = _select(html, "Which mug was fired at 977 degrees?", keep=("Mug number 150",))
    assert "Mug number 150" in kept.body
    content = Content(html, counter, keep=("GTM-77XK",))
    assert compressor.select(content, Goal("balanced", 450, asked=False)) is None


def test_a_small_file_that_may_be_edited_stays() -> None:
    content = Content("<!DOCTYPE html><p>x</p>" * 40, counter, arguments="templates/index.html")
    assert compressor.select(content, Goal("balanced", 450, asked=False)) is None


def test_there_is_no_lossless_form() -> None:
    config = CompressionConfig(fidelity="lossless")
    html = _shop(20)
    assert Compressor(config, store=MemoryStore()).compress_text(html).output is html
    with pytest.raises(DecodingError):
        compressor.decode(Encoding("html", "", ""))


@pytest.mark.parametrize(
    "inside",
    [
        "<div>" * 100_000,
        "<b>" * 100_000 + "<p>x" * 10_000,
        "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">",
        "<select>" + "<option>x" * 100_000,
    ],
)
def test_a_page_that_no_browser_shows_is_left_alone_in_no_time(inside: str) -> None:
    assert read_page(f"<!DOCTYPE html>{inside}") is None


@pytest.mark.parametrize(
    "inside",
    [
        "<" * 300_000,
        "<a " * 100_000,
        "<!-- " * 100_000,
        "<p>x<sup>2</sup>" * 20_000,
        "<pre>a</pre>" * 20_000,
        "<table>" + "<tr><td rowspan=60000 colspan=1000>x" * 5_000,
        "<table><tr><td>" * 200 + "x" * 300_000,
        "<ul><li>x" * 500 + "<li>y" * 20_000,
        "x" * 1_000_000,
    ],
)
def test_odd_pages_take_time_in_proportion_to_their_size(inside: str) -> None:
    started = time.process_time()
    compressor.select(
        Content(f"<!DOCTYPE html>{inside}", counter, question="x y"), Goal("balanced", 450, True)
    )
    assert time.process_time() - started < 20


@pytest.mark.skipif(not OPEN.is_dir(), reason="needs the real pages beside the project")
@pytest.mark.parametrize("name", ["001", "v8-blog", "wikipedia", "wikipedia-4"])
def test_the_main_text_of_real_pages_stays(name: str) -> None:
    def words(html: str) -> Counter[str]:
        return Counter(re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", " ", html))))

    html = (OPEN / f"{name}.html").read_text(encoding="utf-8")
    wanted = words((OPEN / f"{name}.expected.html").read_text(encoding="utf-8"))
    shown = Counter(re.findall(r"\w+", _select(html).body))
    assert sum((wanted & shown).values()) >= 0.98 * sum(wanted.values())
