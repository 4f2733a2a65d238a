"""Why: a verdict test that passes proves little until it is seen to fail; here the verdict code is broken on purpose.

Each mutant changes one place of one function. It is put into the loaded package by exchanging the function's code in a
forked process, which then runs the verdict tests: a mutant that survives them is a hole in the tests, or makes no
difference.
"""

import ast
import copy
import importlib
import os
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PASSING: Final = {"Integrity": "PASSED", "Chain": "PASSED", "Chip": "PASSED", "Level": "A"}
_COMPARE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: module, function, line, and what was done."""

    module: str
    function: str
    line: int
    change: str
    code: types.CodeType

    def __str__(self) -> str:
        """One line for a report."""
        return f"{self.module}:{self.line} {self.function}: {self.change}"


Change = tuple[str, Callable[[Any], ast.AST | None]]


def _changes(node: ast.AST) -> Iterator[Change]:
    """Names of changes and how to make them on a copy of the node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARE:
            other = _COMPARE[type(op)]
            yield f"{type(op).__name__} to {other.__name__}", lambda item: _with_op(item, other)
        case ast.BoolOp(op=op):
            swapped = ast.Or if isinstance(op, ast.And) else ast.And
            yield f"to {swapped.__name__}", lambda item: _set(item, "op", swapped())
            yield "first operand only", lambda item: item.values[0]
            yield "last operand only", lambda item: item.values[-1]
        case ast.UnaryOp(op=ast.Not()):
            yield "not dropped", lambda item: item.operand
        case ast.Constant(value=bool() as value):
            yield f"to {not value}", lambda item: _set(item, "value", not value)
        case ast.Constant(value=int() as number):
            yield f"{number} to {number + 1}", lambda item: _set(item, "value", number + 1)
        case ast.Attribute(value=ast.Name(id=kind), attr=attr) if kind in PASSING and attr != PASSING[kind]:
            yield f"{kind}.{attr} passes", lambda item: _set(item, "attr", PASSING[kind])
        case ast.Call(func=ast.Name(id="all" | "any" as name)):
            other_name = "any" if name == "all" else "all"
            yield f"{name} to {other_name}", lambda item: _set(item.func, "id", other_name) and item
        case ast.If():
            yield "condition always true", lambda item: _set(item, "test", ast.Constant(True))
            yield "condition always false", lambda item: _set(item, "test", ast.Constant(False))


def _set(item: Any, name: str, value: object) -> Any:
    setattr(item, name, value)
    return item


def _with_op(item: Any, op: type[ast.cmpop]) -> Any:
    item.ops = [op()]
    return item


def _functions(code: types.CodeType) -> Iterator[types.CodeType]:
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield const
            yield from _functions(const)


def mutants_of(module: str, only: frozenset[str] | None = None) -> list[Mutant]:
    """Every mutant of a module's functions (`only` those named, where given)."""
    path = importlib.import_module(module).__file__
    tree = ast.parse(Path(path or "").read_text(encoding="utf-8"))
    found: list[Mutant] = []
    places = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in places:
        if only is not None and function.name not in only:
            continue
        silent = {id(item.value) for item in ast.walk(function) if _is_flag(item)}
        for number, node in enumerate(ast.walk(function)):
            for index, (name, _) in enumerate(() if id(node) in silent else _changes(node)):
                code = _compiled(tree, function, number, index, str(path))
                if code is not None:
                    line = getattr(node, "lineno", function.lineno)
                    shown = ast.unparse(node.test if isinstance(node, ast.If) else node)
                    found.append(Mutant(module, code.co_qualname, line, f"{name} in `{shown}`", code))
    return found


def _is_flag(item: ast.AST) -> bool:
    """The hash functions' `usedforsecurity` changes no verdict."""
    return isinstance(item, ast.keyword) and item.arg == "usedforsecurity"


def _compiled(tree: ast.Module, function: ast.FunctionDef, number: int, index: int, path: str) -> types.CodeType | None:
    """The changed function's code; None if the change is not in its body."""
    changed = copy.deepcopy(tree)
    twin = next(
        node
        for node in ast.walk(changed)
        if isinstance(node, ast.FunctionDef) and (node.name, node.lineno) == (function.name, function.lineno)
    )
    nodes = list(ast.walk(twin))
    target = nodes[number]
    if any(target in ast.walk(part) for part in (twin.args, *twin.decorator_list)):
        return None
    _, make = list(_changes(target))[index]
    made = make(target)
    if made is not target:
        _replace(twin, target, made)
    code = compile(ast.fix_missing_locations(changed), path, "exec")
    first = min([twin.lineno, *(item.lineno for item in twin.decorator_list)])
    return next(item for item in _functions(code) if item.co_name == twin.name and item.co_firstlineno == first)


def _replace(root: ast.AST, old: ast.AST, new: ast.AST | None) -> None:
    for parent in ast.walk(root):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and old in value:
                value[value.index(old)] = new


def _function_of(mutant: Mutant) -> types.FunctionType:
    value: Any = importlib.import_module(mutant.module)
    for part in mutant.function.split("."):
        value = value.__dict__[part] if isinstance(value, type) else getattr(value, part)
    value = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
    if not isinstance(value, types.FunctionType):
        raise TypeError(f"{mutant} is not in a function")
    return value


def survives(mutant: Mutant, battery: Callable[[], bool]) -> bool:
    """Whether the battery (True: all tests pass) does not notice the mutant. Runs in a fork."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            function = _function_of(mutant)
            function.__code__ = mutant.code
            code = 0 if battery() else 1
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0
