"""Mutants: functions with one small error each.

An error is a comparison, an operator, a number, a condition or a result that is another one.
Docstrings, annotations and messages of errors are left alone, and so are constants of modules,
whose values are assumptions with sources and no logic.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import NamedTuple

CodeKey = tuple[str, int]
"""Qualified name and first line of a function's code."""

Computing = ast.expr | ast.AugAssign
"""What decides or computes something."""
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
FUNCTIONS = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}


@dataclass(frozen=True)
class Mutant:
    """One error: where it is, what it does, and the code of the module with it."""

    place: str
    line: int
    text: str
    change: str
    codes: dict[CodeKey, CodeType]

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when lines move: where it is, the line's text, and the change."""
        return self.place, self.text, self.change


class Place(NamedTuple):
    """A function, method or table of lambdas: its name, and the expressions that compute."""

    name: str
    roots: list[ast.AST]


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a source file."""
    source = path.read_text(encoding="utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    for position, place in enumerate(places_of(tree)):
        for number, (node, words, _) in enumerate(sites(place)):
            changed = copy.deepcopy(tree)
            apply_change(places_of(changed)[position], number)
            code = compile(ast.fix_missing_locations(changed), str(path), "exec")
            text = lines[node.lineno - 1].strip()
            yield Mutant(place.name, node.lineno, text, words, dict(code_objects(code)))


def places_of(tree: ast.Module) -> list[Place]:
    """Functions and methods of a module, and the lambdas in its tables, in order."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.append(Place(node.name, list(node.body)))
        elif isinstance(node, ast.ClassDef):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
            found += [Place(f"{node.name}.{each.name}", list(each.body)) for each in methods]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            lambdas = [each.body for each in ast.walk(node) if isinstance(each, ast.Lambda)]
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            found.append(Place(ast.unparse(target), list(lambdas)))
    return found


def code_objects(code: CodeType) -> Iterator[tuple[CodeKey, CodeType]]:
    """All functions and lambdas within a piece of code, by qualified name and first line."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield key_of(each), each
            yield from code_objects(each)


def key_of(code: CodeType) -> CodeKey:
    """What a function and its mutants have in common."""
    return code.co_qualname, code.co_firstlineno


def apply_change(place: Place, number: int) -> None:
    """Make the change with a number."""
    node, _, changed = list(sites(place))[number]
    for field, value in ast.iter_fields(changed):
        setattr(node, field, value)
    node.__class__ = changed.__class__


def sites(place: Place) -> Iterator[tuple[Computing, str, Computing]]:
    """Each expression that can be another one: itself, the change in words, and the other."""
    for root in place.roots:
        for node in walk_logic(root):
            for changed in alternatives(node):
                yield node, f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed


def walk_logic(node: ast.AST) -> Iterator[Computing]:
    """What decides or computes something, outermost first."""
    if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.expr | ast.AugAssign):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "op", "ops", "ctx"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from walk_logic(child)


def alternatives(node: Computing) -> Iterator[Computing]:
    """What an expression could wrongly be."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for table in (COMPARISONS, OPPOSITES):
            if kind := table.get(type(node.ops[0])):
                yield ast.Compare(node.left, [kind()], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        yield ast.AugAssign(node.target, OPERATORS[type(node.op)](), node.value)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.BoolOp(other, node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield copy.deepcopy(node.operand)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        yield from other_calls(node)
    elif isinstance(node, ast.Constant):
        yield from other_constants(node.value)


def other_calls(node: ast.Call) -> Iterator[ast.expr]:
    """Min in place of max, and the other way round."""
    function = copy.deepcopy(node.func)
    name = function.id if isinstance(function, ast.Name) else function.attr  # type: ignore[attr-defined]
    if name in FUNCTIONS:
        if isinstance(function, ast.Name):
            function.id = FUNCTIONS[name]
        elif isinstance(function, ast.Attribute):
            function.attr = FUNCTIONS[name]
        yield ast.Call(function, node.args, node.keywords)


def other_constants(value: object) -> Iterator[ast.expr]:
    """Another truth value, or another number."""
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
