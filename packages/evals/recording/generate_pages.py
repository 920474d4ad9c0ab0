"""Make pages, mails and notebooks that no tool at hand prints, from a seed.

Usage: generate_pages.py NAME SEED
"""

import base64
import json
import random
import sys
from datetime import date, timedelta

CITIES = ("Lyon", "Malmö", "Kiel", "Turin", "Gdańsk", "Porto", "Ghent", "Brno")
GLAZES = ("celadon", "tenmoku", "shino", "ash", "cobalt", "oribe")
FORMS = ("mug", "bowl", "vase", "plate", "teapot", "jar")


def listing(rng: random.Random) -> str:
    """Make the page of a shop: 48 products as cards, filters, a form, scripts and a footer."""
    cards = []
    for n in range(48):
        form, glaze = rng.choice(FORMS), rng.choice(GLAZES)
        price = rng.randint(1200, 9900) / 100
        sold_out = n == 31
        cards.append(
            f'<li class="product-card col-6 col-md-4 col-lg-3" data-sku="PT-{4000 + 7 * n}" '
            f'data-track=\'{{"event":"impression","position":{n}}}\'>'
            f'<a class="product-card__link" href="/shop/{form}/{glaze}-{form}-{n}">'
            f'<picture><source srcset="/img/{n}.webp 1x, /img/{n}@2x.webp 2x" type="image/webp">'
            f'<img class="lazy" loading="lazy" src="/img/{n}.jpg" alt="{glaze} {form}"></picture>'
            f'<h3 class="product-card__title">{glaze.title()} {form} no. {n}</h3></a>'
            f'<p class="product-card__text">Thrown in {rng.choice(CITIES)}, fired at '
            f"{rng.randint(1180, 1300)} °C.</p>"
            f'<span class="price">€{price:.2f}</span>'
            + (
                '<span class="badge badge--soldout">Sold out until 14 May</span>'
                if sold_out
                else f'<button class="btn" name="add" value="PT-{4000 + 7 * n}">'
                "Add to cart</button>"
            )
            + "</li>"
        )
    places = "".join(f'<li><a href="/studios/{c.lower()}">{c}</a></li>' for c in CITIES)
    options = "".join(f'<option value="{g}">{g.title()}</option>' for g in GLAZES)
    config = json.dumps({"gtm": "GTM-K1LN", "flags": [rng.getrandbits(32) for _ in range(120)]})
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Stoneware – Kiln & Co'
        '</title><meta name="description" content="Hand-thrown stoneware from eight studios">'
        '<link rel="canonical" href="https://kiln.example/shop"><style>.col-6{width:50%}'
        ".price{font-weight:700}"
        + "".join(f".u-{n}{{margin:{n}px}}" for n in range(160))
        + "</style>"
        f"<script>window.__CONFIG__={config}</script></head><body>"
        '<div class="cookie-consent" role="dialog"><p>We value your privacy.</p>'
        "<button>Accept all</button></div>"
        '<header class="site-header"><a href="/">Kiln & Co</a>'
        f"<nav><ul>{places}</ul></nav></header>"
        '<main id="content"><h1>Stoneware</h1><p>48 pieces, thrown by hand.</p>'
        '<form class="filters" action="/shop" method="get"><label>Glaze '
        f'<select name="glaze"><option value="">Any</option>{options}</select></label>'
        '<label>Up to <input type="number" name="max" min="10" max="200" value="100"> €</label>'
        '<input type="hidden" name="session" value="9f2c"><button type="submit">Filter</button>'
        f'</form><ul class="grid">{"".join(cards)}</ul></main>'
        "<footer><p>Kiln & Co, Hafenstraße 7, Kiel. "
        "Returns within 30 days: returns@kiln.example</p>"
        f"<ul>{places}</ul></footer></body></html>\n"
    )


def newsletter(rng: random.Random) -> str:
    """Make the HTML of a mail: tables for layout, styles in every cell, an invoice inside."""
    cell = (
        'style="font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px;color:#333"'
    )
    rows, total = [], 0
    for n in range(14):
        amount = rng.randint(1, 5)
        price = rng.randint(700, 8900)
        total += amount * price
        rows.append(
            f"<tr><td {cell}>{rng.choice(GLAZES).title()} {rng.choice(FORMS)}, item {610 + n}</td>"
            f'<td {cell} align="right">{amount}</td>'
            f'<td {cell} align="right">{price / 100:.2f}</td></tr>'
        )
    said = (
        "Thank you for your order 88213.",
        "It leaves the workshop in Ghent on 3 June and comes with two parcels.",
        "Parcel one has the tracking number GLS-55120-77 and holds everything but the teapots.",
        "If a piece arrives broken, send a picture to claims@kiln.example within 14 days.",
    )
    text = "".join(
        f'<tr><td {cell}>{line}</td></tr><tr><td height="16" {cell}>&nbsp;</td></tr>'
        for line in said
    )
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head>'
        '<meta name="viewport" content="width=600">'
        "<title>Your order</title><style>td{mso-line-height-rule:exactly}</style></head><body>"
        '<div style="display:none;max-height:0">Your order is on its way.</div>'
        '<table width="100%" role="presentation"><tr><td align="center">'
        f'<table width="600" role="presentation">{text}<tr><td>'
        f'<table border="1"><tr><th {cell}>Piece</th><th {cell}>Number</th>'
        f"<th {cell}>Price</th></tr>"
        f"{''.join(rows)}<tr><td {cell}>Total</td><td></td>"
        f'<td {cell} align="right">{total / 100:.2f}</td></tr></table></td></tr>'
        f"<tr><td {cell}>You get this mail because you bought from us. "
        '<a href="https://kiln.example/u?id=77">Unsubscribe</a></td></tr></table>'
        '</td></tr></table><img src="https://kiln.example/o.gif" width="1" height="1" alt="">'
        "</body></html>\n"
    )


def article(rng: random.Random) -> str:
    """Make a page of documentation whose markup outweighs its text many times."""
    sections = []
    for n in range(18):
        name = f"{rng.choice(GLAZES)}-{rng.choice(FORMS)}-{n}"
        sections.append(
            f'<section id="s{n}" class="docs-section docs-section--level-2" data-v-7ba5bd90="">'
            f'<h2 class="docs-heading heading heading--2" data-v-7ba5bd90="">The {name} programme'
            f'<a class="headerlink" href="#s{n}" aria-label="Permalink">¶</a></h2>'
            f'<p class="docs-text" data-v-7ba5bd90="">Programme <code>{name}</code> heats by '
            f"<strong>{rng.randint(60, 180)} K</strong> an hour up to {rng.randint(900, 1300)} °C. "
            f'It holds that for {rng.randint(10, 90)} minutes, see <a href="/docs/hold" '
            'class="link link--inline" data-v-7ba5bd90="">holding</a>.</p>'
            '<div class="docs-note note note--info" role="note"><p>The lid stays shut below '
            f"{rng.randint(80, 260)} °C.</p></div>"
            '<pre class="highlight language-sh"><code><span class="nb">kiln</span> '
            f'<span class="o">run</span> {name} --steps {rng.randint(3, 9)}</code></pre></section>'
        )
    icons = "".join(
        f'<svg class="icon" viewBox="0 0 24 24"><path d="M{rng.randint(1, 9)} '
        + " ".join(f"{rng.random() * 24:.3f}" for _ in range(60))
        + '"/></svg>'
        for _ in range(14)
    )
    links = "".join(
        f'<li class="nav__item"><a class="nav__link" href="/docs/{g}/{f}">{g} {f}</a></li>'
        for g in GLAZES
        for f in FORMS
    )
    script = "".join(f"e[{n}]={rng.getrandbits(48)};" for n in range(500))
    return (
        '<!doctype html><html lang="en"><head><title>Firing programmes | Kiln docs</title>'
        f"<script>!function(e){{{script}}}({{}})</script></head><body>{icons}"
        f'<nav class="nav" aria-label="Docs"><ul>{links}</ul></nav><main><article>'
        f"<h1>Firing programmes</h1>{''.join(sections)}</article></main>"
        f'<aside class="toc"><ul>{links}</ul></aside><footer>{icons}Last edited in May.</footer>'
        "</body></html>\n"
    )


def notebook(rng: random.Random) -> str:
    """Make a notebook: notes, code, a long table, two pictures and a failing cell."""
    day = date(2026, 4, 1)
    rows = [
        f"{n:3}  {day + timedelta(days=n % 30)}  {rng.choice(CITIES):8}  "
        f"{rng.randint(900, 1310):5}  "
        f"{'cracked' if n == 143 else 'fine'}\n"
        for n in range(240)
    ]
    picture = base64.encodebytes(rng.randbytes(9_000)).decode()
    code = [
        (["import pandas as pd\n", "firings = pd.read_csv('firings.csv')\n", "firings"], rows),
        (["firings.groupby('studio').peak.mean().plot.bar()"], None),
        (["firings.peak.hist(bins=20)"], None),
    ]
    cells: list[dict[str, object]] = [
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": ["# Firings in April\n", "Which studio runs too hot? Limit: 1,290 °C."],
        }
    ]
    for number, (source, printed) in enumerate(code, 1):
        outputs: list[dict[str, object]] = []
        if printed:
            outputs.append({"name": "stdout", "output_type": "stream", "text": printed})
        else:
            data = {"image/png": picture, "text/plain": ["<Axes: xlabel='studio'>"]}
            outputs.append({"data": data, "metadata": {}, "output_type": "display_data"})
        cells.append(
            {
                "cell_type": "code",
                "execution_count": number,
                "metadata": {},
                "outputs": outputs,
                "source": source,
            }
        )
    error = {
        "output_type": "error",
        "ename": "KeyError",
        "evalue": "'glaze'",
        "traceback": [
            "Traceback (most recent call last)",
            "Cell In[4], line 1",
            "KeyError: 'glaze'",
        ],
    }
    cells.append(
        {
            "cell_type": "code",
            "execution_count": 4,
            "metadata": {},
            "outputs": [error],
            "source": ["firings.groupby('glaze').size()"],
        }
    )
    document = {
        "cells": cells,
        "metadata": {"kernelspec": {"display_name": "Python 3", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


MAKERS = {make.__name__: make for make in (listing, newsletter, article, notebook)}


if __name__ == "__main__":
    sys.stdout.write(MAKERS[sys.argv[1]](random.Random(int(sys.argv[2]))))
