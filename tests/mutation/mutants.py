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
    """One error: where it is, what it does, and the code of the function with it."""

    path: Path
    function: str
    line: int
    change: str
    code: CodeType


def mutants_of(path: Path, name: str) -> Iterator[Mutant]:
    """Every mutant of a source file that is the module `name`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for place, function in functions_of(tree):
        for number, (line, change) in enumerate(changes_of(function)):
            changed = copy.deepcopy(tree)
            apply_change(at(changed, place), number)
            code = compile(ast.fix_missing_locations(changed), str(path), "exec")
            yield Mutant(path, place, line, change, code_named(code, place))


def functions_of(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods of a module, with their qualified names."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def at(tree: ast.Module, place: str) -> ast.FunctionDef:
    """The function with a qualified name."""
    return dict(functions_of(tree))[place]


def code_named(code: CodeType, place: str) -> CodeType:
    """The code of a function within that of its module."""
    for part in place.split("."):
        # Generic functions and classes lie within the scope of their type parameters.
        inner = [each for each in code_objects(code) if each.co_name.startswith("<generic")]
        choices = [each for scope in (code, *inner) for each in code_objects(scope)]
        code = next(each for each in choices if each.co_name == part)
    return code


def code_objects(code: CodeType) -> list[CodeType]:
    """Functions and classes defined directly within a piece of code."""
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def changes_of(function: ast.FunctionDef) -> list[tuple[int, str]]:
    """Line and words of every change that can be made to a function, in order."""
    return [(node.lineno, words) for node, words, _ in sites(function)]


def apply_change(function: ast.FunctionDef, number: int) -> None:
    """Make the change with a number."""
    node, _, changed = list(sites(function))[number]
    for field, value in ast.iter_fields(changed):
        setattr(node, field, value)
    node.__class__ = changed.__class__


def sites(function: ast.FunctionDef) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    """Each expression that can be another one: itself, the change in words, and the other."""
    for statement in function.body:
        for node in walk_logic(statement):
            for changed in alternatives(node):
                yield node, f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed


def walk_logic(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions that decide or compute something."""
    if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.expr):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "op", "ops", "ctx"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from walk_logic(child)


def alternatives(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression could wrongly be."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for table in (COMPARISONS, OPPOSITES):
            if kind := table.get(type(node.ops[0])):
                yield ast.Compare(node.left, [kind()], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
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
