"""Lossless forms: columns, templates, headings, runs. Each encodes, and decodes byte for byte."""
