"""A small web shop: catalogue, prices, stock, shipping, payments, orders."""
