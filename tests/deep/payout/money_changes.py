"""Why: to see whether the tests of the money rules notice a wrong rule, each rule must be made wrong once.

One mutant is one small change of one module: a comparison, a condition, a sign, a number, an enum member, a dropped
statement or a dropped rule. Left alone are documentation, annotations and the words of faults: no money hangs on them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Final

_COMPARE: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}
_SIGNS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_CALLS: Final = {"all": "any", "any": "all", "max": "min", "min": "max", "sorted": "tuple"}
_FAULTS: Final = {
    "_need",
    "ImpossibleFact",
    "ValueError",
    "BrokenChain",
    "KeyError",
    "EncodingFault",
    "TypeError",
    "BadBytes",
    "NotTrusted",
}
_NAMES: Final = {"NewType", "TypeVar"}

Enums = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change; ``name`` says where and what, without line numbers, so that it lives as long as the code does."""

    module: str
    """As it is imported."""
    name: str
    line: int
    code: CodeType
    """Of the whole module, with the change."""
    function: str | None
    """Qualified name of the function whose body was changed; None when the module must be loaded anew."""

    @property
    def known_as(self) -> str:
        """Module and change, as reports and `equivalent` name them."""
        return f"{self.room}.{self.name}"

    @property
    def room(self) -> str:
        """The module's own name."""
        return self.module.rpartition(".")[2]


def enums_of(tree: ast.Module) -> Enums:
    """The members of each enum that a module defines, in order."""
    return {
        node.name: [item.targets[0].id for item in node.body if _is_member(item)]  # type: ignore[attr-defined]
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "StrEnum" for b in node.bases)
    }


def _is_member(item: ast.stmt) -> bool:
    return isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)


def _expressions(node: ast.AST, enums: Enums) -> Iterator[ast.AST]:  # noqa: C901 - one arm a kind of change
    """What may stand in the place of an expression."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for at, op in enumerate(ops):
                for kind in _COMPARE[type(op)]:
                    yield ast.Compare(left, [*ops[:at], kind(), *ops[at + 1 :]], others)
            yield from _shorter_tuples(left, ops, others)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for at in range(len(values)):
                rest = [*values[:at], *values[at + 1 :]]
                yield ast.BoolOp(op, rest) if len(rest) > 1 else rest[0]
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(left=first, op=sign, right=second) if type(sign) in _SIGNS:
            yield ast.BinOp(first, _SIGNS[type(sign)](), second)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Constant() | ast.Attribute():
            yield from _values(node, enums)
        case ast.Call():
            yield from _calls(node)
        case ast.Tuple(elts=items, ctx=ast.Load()) if len(items) > 1:
            for at in range(len(items)):
                yield ast.Tuple([*items[:at], *items[at + 1 :]], ast.Load())


def _shorter_tuples(left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr]) -> Iterator[ast.AST]:
    """(a, b) == (c, d) is two conditions: each is dropped once."""
    match left, others:
        case ast.Tuple(elts=mine), [ast.Tuple(elts=theirs)]:
            for at in range(len(mine)):
                pair = ([*items[:at], *items[at + 1 :]] for items in (mine, theirs))
                shorter = [ast.Tuple(items, ast.Load()) for items in pair]
                yield ast.Compare(shorter[0], ops, [shorter[1]])


def _values(node: ast.Constant | ast.Attribute, enums: Enums) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=bool() as truth):
            yield ast.Constant(not truth)
        case ast.Constant(value=int() as number):
            yield from (ast.Constant(number + 1), ast.Constant(number - 1))
        case ast.Constant(value=str() as text):
            yield ast.Constant(text + "x")
        case ast.Constant(value=bytes() as data):
            yield ast.Constant(data + b"x")
        case ast.Attribute(value=ast.Name(id=kind), attr=member, ctx=ctx) if member in enums.get(kind, ()):
            members = enums[kind]
            following = members[(members.index(member) + 1) % len(members)]
            yield ast.Attribute(ast.Name(kind, ast.Load()), following, ctx)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in _CALLS:
        yield ast.Call(ast.Name(_CALLS[name], ast.Load()), node.args, node.keywords)
    if name in {"max", "min"} and len(node.args) > 1:
        yield from node.args
    for at in range(len(node.keywords)):
        yield ast.Call(node.func, node.args, [*node.keywords[:at], *node.keywords[at + 1 :]])


def _statements(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 - one arm a kind of change
    """What may stand in the place of a statement, an arm or a loop."""
    match node:
        case ast.If(body=body, orelse=orelse):
            for answer in (True, False):
                yield ast.If(ast.Constant(answer), body, orelse)
        case ast.Return(value=None | ast.Constant(value=None)):
            yield ast.Return(ast.Constant(...))
        case ast.Return():
            yield ast.Return(ast.Constant(None))
        case ast.For(target=target, body=body, orelse=orelse):
            yield ast.For(target, ast.Tuple([], ast.Load()), body, orelse)
        case ast.Expr(value=ast.Call()) | ast.Delete() | ast.Raise() | ast.AugAssign() | ast.Break() | ast.Continue():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript()]):
            yield ast.Pass()
        case ast.comprehension(ifs=ifs) if ifs:
            for at in range(len(ifs)):
                yield ast.comprehension(node.target, node.iter, [*ifs[:at], *ifs[at + 1 :]], node.is_async)
        case ast.Match(cases=cases):
            for at in range(len(cases)):
                yield ast.Match(node.subject, [*cases[:at], *cases[at + 1 :]])


def _left_alone(parent: ast.AST, field: str, node: ast.AST) -> bool:
    """Documentation, annotations, lists of exports, subscripts of types and the words of faults."""
    match parent:
        case ast.Expr():
            return isinstance(node, ast.Constant)
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Call(func=ast.Name(id=name)) if name in _FAULTS:
            return isinstance(node, ast.Constant | ast.JoinedStr)
        case ast.Call(func=ast.Name(id=name)) if name in _NAMES:
            return True
        case ast.Subscript(value=ast.Name(id="Callable" | "dict" | "tuple" | "list")):
            return True
    return field in {"annotation", "returns"} or isinstance(node, ast.JoinedStr)


def _places(
    parent: ast.AST, where: str, body_of: str | None = None
) -> Iterator[tuple[ast.AST, str, int | None, ast.AST, str, str | None]]:
    """(parent, field, index, node, qualified name, function whose body it is in) of every node that may be changed."""
    for field, value in ast.iter_fields(parent):
        for at, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST) or _left_alone(parent, field, node):
                continue
            inner = f"{where}.{node.name}".lstrip(".") if isinstance(node, ast.FunctionDef | ast.ClassDef) else where
            body = body_of or (where if isinstance(parent, ast.FunctionDef) and field == "body" else None)
            yield parent, field, at if isinstance(value, list) else None, node, inner, body
            yield from _places(node, inner, body)


def _put(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node


def _said(old: ast.AST, new: ast.AST) -> str:
    """The change in words: both texts, cut to where they differ."""
    if isinstance(old, ast.Match) and isinstance(new, ast.Match):
        gone = next(case for case in old.cases if case not in new.cases)
        return f"arm dropped: {ast.unparse(gone.pattern)}"
    before, after = (" ".join(ast.unparse(each).split()) for each in (old, new))
    if isinstance(old, ast.If | ast.For):
        before, after = (text.split(":", 1)[0] for text in (before, after))
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    start = max(0, start - 40)
    return f"{before[start : start + 80]} => {after[start : start + 80]}"


def _called_at_import(tree: ast.Module) -> set[str]:
    """Functions of the module that its own constants are made with."""
    made = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    calls = (each.func for node in made for each in ast.walk(node) if isinstance(each, ast.Call))
    return {each.id for each in calls if isinstance(each, ast.Name)}


def mutants(module: str, source: str, enums: Enums) -> Iterator[Mutant]:
    """Every mutant of a module's source, one after the other."""
    tree = ast.parse(source)
    known = {**enums, **enums_of(tree)}
    early = _called_at_import(tree)
    seen: dict[str, int] = {}
    for parent, field, at, node, where, body in list(_places(tree, "")):
        for other in [*_expressions(node, known), *_statements(node)]:
            _put(parent, field, at, ast.copy_location(other, node) if hasattr(node, "lineno") else other)
            ast.fix_missing_locations(tree)
            name = f"{where or 'module'}: {_said(node, other)}"
            seen[name] = seen.get(name, 0) + 1
            name = name if seen[name] == 1 else f"{name} ({seen[name]})"
            code = compile(tree, module, "exec")
            _put(parent, field, at, node)
            yield Mutant(module, name, getattr(node, "lineno", 0), code, None if body in early else body)
