"""Small wrong changes of a module's source: mutmut's operators, and what they leave out: statements, conditions, SQL, patterns."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import libcst as cst
import libcst.matchers as m
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation import mutators
from typing_extensions import override

Operator = Callable[[cst.CSTNode], Iterable[cst.CSTNode]]
_NOT_CHANGED = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)
_NOT_CALLED = {"len", "isinstance", "cast", "TypeVar"}
"""Calls that mutmut leaves alone too, and those that only the type checker reads."""

_OF_MUTMUT: Sequence[tuple[type[cst.CSTNode], Operator]] = [
    (kind, cast("Operator", operator))
    for kind, operator in mutators.mutation_operators
    if operator not in {mutators.operator_string, mutators.operator_arg_removal}
]
_CONDITION = re.compile(r"(?:(?:sent_)?[a-z_]+) (?:=|!=|<|>|<=|>=) (?:\?|'[a-z]*'|\d+|[a-z_]+(?=\W|$))")
_SETS = re.compile(r", \"?[a-z_]+\"? = (?:'[^']*'|\d+|NULL)(?=,| WHERE|$)")
_LOOKAROUND = re.compile(r"\(\?<?[=!](?:[^()\\]|\\.)*\)")
_BOUNDS = re.compile(r"\{(\d*),?(\d+)\}")
_ALTERNATIVE = re.compile(r"\|(?:[^()|\\\[\]]|\\.|\[(?:[^\]\\]|\\.)*\])+(?=[|)]|$)")
_WORDS = re.compile(r"[a-z0-9_.]+(?: [a-z0-9_.]+)+ ?")


_TURNED_BY_MUTMUT = (
    m.UnaryOperation(operator=m.Not())
    | m.Name("True")
    | m.Comparison(comparisons=[m.ComparisonTarget(m.Is() | m.IsNot() | m.In() | m.NotIn() | m.Equal() | m.NotEqual())])
)


@dataclass(frozen=True)
class Mutant:
    """One change. Its name tells it from all others of the module, and stays while the code around it changes."""

    module: str
    place: str
    line: int
    last_line: int
    before: str
    after: str
    nth: int
    on_import: bool
    """Whether what differs runs when the module is imported, rather than when a function is called."""
    make: Callable[[], str]
    """The module's whole source with the change."""

    @property
    def name(self) -> str:
        digest = hashlib.sha256("\0".join((self.module, self.place, self.before, self.after, str(self.nth))).encode())
        return digest.hexdigest()[:10]


def mutants_of(module: str, source: str) -> list[Mutant]:
    """All changes of a module, in the order of its lines."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    finder = _Finder(module, wrapper.module)
    wrapper.visit(finder)
    return finder.found


def sample(mutants: Sequence[Mutant], most: int) -> list[Mutant]:
    """As many of them, drawn by their names: a change of the code elsewhere does not draw others."""
    drawn = {mutant.name for mutant in sorted(mutants, key=lambda mutant: mutant.name)[:most]}
    return [mutant for mutant in mutants if mutant.name in drawn]


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self, module: str, tree: cst.Module) -> None:
        super().__init__()
        self.found: list[Mutant] = []
        self._module = module
        self._tree = tree
        self._places: list[str] = []
        self._seen: dict[tuple[str, str, str], int] = {}

    @override
    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, _NOT_CHANGED) or _is_docstring(node):
            return False
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in _NOT_CALLED:
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._places.append(node.name.value)
        for changed in self._changes(node):
            self._add(node, changed)
        return True

    @override
    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._places.pop()

    def _changes(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        for kind, operator in _OF_MUTMUT:
            if isinstance(node, kind):
                yield from operator(node)
        if isinstance(node, cst.Call):
            yield from _arguments(node)
        if isinstance(node, cst.SimpleString):
            yield from self._strings(node)
        if isinstance(node, cst.FormattedStringText):
            yield from (node.with_changes(value=value) for value in _sql(node.value))
        yield from _statements(node)

    def _strings(self, node: cst.SimpleString) -> Iterator[cst.CSTNode]:
        if node.quote.startswith(('"""', "'''")) or m.matches(self._above(node), m.Index()):
            return
        text = node.value[len(node.prefix) + 1 : -1]
        if self._is_pattern(node):
            changed = _patterns(text)
        elif _WORDS.fullmatch(text) and not self._places:
            changed = _fewer_words(text)
        elif " " in text:
            changed = _sql(text)  # else it is wording, which this leaves to the tests that quote it
        else:
            changed = [f"XX{text}XX"]
        for value in changed:
            yield node.with_changes(value=node.prefix + node.quote + value + node.quote)

    def _above(self, node: cst.CSTNode) -> cst.CSTNode:
        return cast("cst.CSTNode", self.get_metadata(ParentNodeProvider, node))

    def _is_pattern(self, node: cst.CSTNode) -> bool:
        above = node
        while not isinstance(above, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            if m.matches(above, m.Call(func=m.Attribute(value=m.Name("re")))):
                return True
            above = self._above(above)
        return False

    def _on_import(self, node: cst.CSTNode) -> bool:
        above = node
        while not isinstance(above, cst.Module):
            inner, above = above, self._above(above)
            if isinstance(above, cst.FunctionDef) and inner is above.body:
                return False
        return True

    def _add(self, node: cst.CSTNode, changed: cst.CSTNode) -> None:
        span = cast("CodeRange", self.get_metadata(PositionProvider, node))
        before, after = (_one_line(self._tree.code_for_node(one)) for one in (node, changed))
        if before == after:
            return
        place = ".".join(self._places)
        nth = self._seen[place, before, after] = self._seen.get((place, before, after), 0) + 1
        self.found.append(
            Mutant(
                self._module, place, span.start.line, span.end.line, before, after, nth, self._on_import(node),
                lambda: self._tree.visit(_Replace(node, changed)).code,
            )
        )  # fmt: skip


class _Replace(cst.CSTTransformer):
    """Puts one node in the place of another, which may stand in the tree once."""

    def __init__(self, old: cst.CSTNode, new: cst.CSTNode) -> None:
        super().__init__()
        self._old, self._new = old, new

    @override
    def on_visit(self, node: cst.CSTNode) -> bool:
        return node is not self._old

    @override
    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        return self._new if original_node is self._old else updated_node


def _statements(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Without a statement, with a condition turned round, with nothing returned, with nothing caught."""
    if isinstance(node, cst.If | cst.While | cst.CompIf):
        turned = cst.UnaryOperation(cst.Not(), node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))
        if not m.matches(node.test, _TURNED_BY_MUTMUT):
            yield node.with_changes(test=turned)
    if isinstance(node, cst.SimpleStatementLine) and m.matches(
        node.body[0], m.Expr(value=m.Call() | m.Await()) | m.Raise() | m.Del()
    ):
        yield node.with_changes(body=[cst.Pass()])
    if isinstance(node, cst.Return) and node.value is not None and not m.matches(node.value, m.Name("None")):
        yield node.with_changes(value=cst.Name("None"))
    if isinstance(node, cst.ExceptHandler) and node.type is not None:
        yield (
            node.with_changes(type=cst.Tuple([]), name=None)
            if node.name is None
            else node.with_changes(type=cst.Tuple([]))
        )


def _arguments(node: cst.Call) -> Iterator[cst.CSTNode]:
    """None for an argument, and a named one left out. Without a place's argument Python itself would complain."""
    for i, argument in enumerate(node.args):
        if argument.star or (isinstance(node.func, cst.Attribute) and m.matches(node.func.value, m.Name("re"))):
            continue
        if _is_wording(argument.value):
            continue
        if not m.matches(argument.value, m.Name("None")):
            changed = argument.with_changes(value=cst.Name("None"))
            yield node.with_changes(args=[*node.args[:i], changed, *node.args[i + 1 :]])
        if argument.keyword is not None:
            yield node.with_changes(args=[*node.args[:i], *node.args[i + 1 :]])


def _sql(text: str) -> Iterator[str]:
    """A condition that always holds, a bound moved by one, AND for OR, and a column that is not set."""
    begin = text.find(" WHERE ") if re.match(r"\s*(?:UPDATE|INSERT)", text) else 0
    if begin < 0 or not re.search(r" (?:=|!=|<|>|<=|>=) (?:\?|'|\d)| WHERE | AND ", text):
        return
    if not re.search(r"= [^,]+, \"?[a-z_]+\"? = ", text) or " WHERE " in text:
        for found in _CONDITION.finditer(text, begin):
            yield text[: found.start()] + ("? IS NOT NULL" if "?" in found[0] else "1") + text[found.end() :]
        for old, new in ((" AND ", " OR "), (" OR ", " AND "), (" < ", " <= "), (" > ", " >= "), (" <= ", " < ")):
            for found in re.finditer(old, text[begin:]):
                at = begin + found.start()
                yield text[:at] + new + text[at + len(old) :]
    for found in _SETS.finditer(text):
        yield text[: found.start()] + text[found.end() :]


def _patterns(text: str) -> Iterator[str]:
    """Without a look around, with a bound less by one, without an alternative, with `+` for `*` and the other way."""
    for pattern in (_LOOKAROUND, _ALTERNATIVE):
        for found in pattern.finditer(text):
            yield text[: found.start()] + text[found.end() :]
    for found in _BOUNDS.finditer(text):
        yield text[: found.start(2)] + str(int(found[2]) - 1) + text[found.end(2) :]
    for found in re.finditer(r"(?<=[\])swd])[*+]", text):
        yield text[: found.start()] + {"*": "+", "+": "*"}[found[0]] + text[found.end() :]


def _fewer_words(text: str) -> Iterator[str]:
    for found in re.finditer(r"\S+", text):
        yield text[: found.start()] + text[found.end() :].lstrip()


def _is_docstring(node: cst.CSTNode) -> bool:
    return m.matches(node, m.SimpleStatementLine(body=[m.Expr(value=m.SimpleString() | m.ConcatenatedString())]))


def _is_wording(node: cst.CSTNode) -> bool:
    """A text in words, or SQL: None in its place would fail anywhere."""
    parts = [node.left, node.right] if isinstance(node, cst.ConcatenatedString) else [node]
    return any(
        (isinstance(part, cst.SimpleString) and " " in part.value)
        or isinstance(part, cst.FormattedString)
        or (isinstance(part, cst.ConcatenatedString) and _is_wording(part))
        for part in parts
    )


def _one_line(code: str) -> str:
    return " ".join(code.split())
