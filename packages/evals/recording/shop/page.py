"""What a browser shows when an order cannot be priced."""

from decimal import Decimal

from flask import Flask
from pricing import Line, total
from werkzeug.debug.tbtools import DebugTraceback


def error() -> str:
    """Return the debugger's page for an order from a country without a rate."""
    Flask(__name__)
    try:
        total([Line("SKU-7", 1, Decimal(1))], "NO")
    except KeyError as problem:
        return DebugTraceback(problem).render_debugger_html("", "secret", evalex_trusted=False)
    raise AssertionError("the order was priced")
