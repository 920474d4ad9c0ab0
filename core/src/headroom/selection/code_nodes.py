"""What the nodes of nine grammars mean: definitions, bodies, imports, comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom.grammars import Node

# A block in one of these is the body of a function: folded unless something asks for it.
FUNCTIONS = frozenset(
    "function_definition function_declaration generator_function_declaration function_item "
    "function_expression generator_function function arrow_function method_definition "
    "method_declaration constructor_declaration compact_constructor_declaration func_literal "
    "closure_expression lambda_expression lambda class_static_block static_initializer "
    "macro_definition".split()
)

# What stands in one of these belongs to an outline: members, fields, variants.
CONTAINERS = frozenset(
    "class_definition class_declaration abstract_class_declaration class class_specifier "
    "interface_declaration enum_declaration record_declaration annotation_type_declaration "
    "struct_specifier union_specifier enum_specifier namespace_definition linkage_specification "
    "internal_module module impl_item trait_item mod_item struct_item enum_item union_item "
    "foreign_mod_item struct_type interface_type object_type ambient_declaration".split()
)

# Nodes that give a name to the value inside them.
NAMING = frozenset(
    "variable_declarator assignment_expression assignment pair public_field_definition "
    "field_definition type_alias_declaration type_spec type_definition const_item static_item "
    "const_spec var_spec short_var_declaration init_declarator keyed_element".split()
)

_DATA = frozenset(
    "object array dictionary list set tuple initializer_list literal_value array_initializer "
    "array_expression element_value_array_initializer token_tree field_initializer_list "
    "named_imports object_pattern export_clause use_list".split()
)
_LISTS = frozenset(
    "import_declaration import_spec_list const_declaration var_declaration var_spec_list "
    "type_declaration tuple".split()
)

IMPORTS = frozenset(
    "import_statement import_from_statement future_import_statement import_declaration "
    "use_declaration preproc_include package_clause package_declaration using_declaration "
    "extern_crate_declaration".split()
)
COMMENTS = frozenset("comment line_comment block_comment".split())
ATTRIBUTES = frozenset("attribute_item inner_attribute_item decorator annotation".split())

# Nodes that only hold the statements of the block around them; what could not be parsed as a whole
# holds pieces that could.
WRAPPERS = frozenset("statement_list enum_body_declarations ERROR".split())

_OPENING = {"{": "}", "[": "]", "(": ")"}
_NAME_FIELDS = ("name", "declarator", "left", "key", "property", "type")
_IDENTIFIER = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_LONGEST_NAME = 200
_MOST_DECLARATORS = 12


def last_row(node: Node) -> int:
    """Return the last row that holds a character of a node."""
    row, column = node.end_point
    return row - 1 if column == 0 and row > node.start_point[0] else row


def row_span(node: Node) -> tuple[int, int]:
    """Return the first and the last row that hold a character of a node."""
    first = node.start_point[0]
    row, column = node.end_point
    return first, row - 1 if column == 0 and row > first else row


def count_errors(root: Node) -> int:
    """Return in how many places a file could not be parsed."""
    count = 0
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "ERROR":
            count += 1
        if node.has_error:
            stack.extend(node.children)
    return count


def is_conditional(node: Node) -> bool:
    """Say whether a node is a part of C that the preprocessor may leave out."""
    return node.type.startswith(("preproc_if", "preproc_el"))


def is_data(node: Node) -> bool:
    """Say whether a node is a list of values."""
    return node.type in _DATA or node.type in _LISTS


def inside(node: Node) -> tuple[list[Node], int, int] | None:
    """Return what stands between a node's brackets, and the rows between those of the brackets.

    None if the node has no brackets, or something stands on the same row as one of them.
    """
    children = node.children
    at = _opening_at(node, children)
    if at < 0:
        return None
    closing = _OPENING[children[at].type]
    end = next((i for i in range(len(children) - 1, at, -1) if children[i].type == closing), None)
    if end is None:
        return None
    row = children[at].end_point[0]
    last = children[end].start_point[0]
    items = [child for child in children[at + 1 : end] if child.is_named]
    # A comment may stand behind the opening bracket.
    while items and items[0].type in COMMENTS and last_row(items[0]) == row:
        items.pop(0)
    if last - row < 2:
        return None
    for item in items:
        if item.start_point[0] <= row or last_row(item) >= last:
            return None
    return items, row + 1, last - 1


def _opening_at(node: Node, children: Sequence[Node]) -> int:
    """Return which child is the bracket that opens a node, -1 if none is."""
    for i, child in enumerate(children):
        kind = child.type
        if (
            kind == "{"
            or (kind == "[" and node.type in _DATA)
            or (kind == "(" and node.type in _LISTS)
        ):
            return i
    return -1


def inside_condition(node: Node) -> tuple[list[Node], int, int] | None:
    """Return the declarations of a conditional part of C, and their rows."""
    top = node.start_point[0]
    items = [
        child
        for child in node.children
        if child.is_named and child.start_point[0] > top and not _is_alternative(child)
    ]
    if not items:
        return None
    return items, items[0].start_point[0], last_row(items[-1])


def _is_alternative(node: Node) -> bool:
    return node.type.startswith("preproc_el")


def names_of(node: Node, data: bytes) -> tuple[str, ...]:
    """Return the names that a definition gives: itself, and what it is a part of."""
    found: Node | None = None
    for field in _NAME_FIELDS:
        found = node.child_by_field_name(field)
        if found is not None:
            break
    # C wraps the name in pointers, arrays and parameter lists.
    for _ in range(_MOST_DECLARATORS):
        inner = None if found is None else found.child_by_field_name("declarator")
        if inner is None:
            break
        found = inner
    if found is None or found.end_byte - found.start_byte > _LONGEST_NAME:
        return ()
    text = data[found.start_byte : found.end_byte].decode("utf-8", "replace")
    names = _IDENTIFIER.findall(text.partition("(")[0].partition("<")[0])
    return tuple(names[-1:])
