r"""The reader of formulas: tokens to trees, by recursive descent.

Products may leave out their sign, functions may leave out their brackets, and `|` opens and closes.
A letter before a bracket is a product unless it is known as a function (`f`, `g`, `h`, or a name
that the text defines, as in `p(t) = ...`). A decimal number keeps its digits. Numbers, names and
constants are leaves that are named by themselves; see `rules` for all other names.

Source: Pratt 1973 (top-down operator precedence), for the order of operations.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from abduce.errors import InputError
from abduce.grammars.calculation.spaced import spaced
from abduce.grammars.calculation.tokens import Token, tokens
from abduce.grammars.grammar import Tree

RELATIONS: Final = {
    "=": "equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal",
    "!=": "unequal", "equiv": "congruent", "->": "tends", "in": "member",
}  # fmt: skip
"""The signs of relations with the names of their nodes."""
INVERSES: Final = {
    "sin": "arcsin", "cos": "arccos", "tan": "arctan", "cot": "arccot", "sec": "arcsec",
    "csc": "arccsc", "sinh": "arcsinh", "cosh": "arccosh", "tanh": "arctanh",
}  # fmt: skip
"""The functions whose power -1 is their inverse."""
SAME: Final = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "lg": "log10", "sgn": "sign"}
CALLED: Final = frozenset("fgh")
"""The letters that are functions wherever they stand before a bracket."""
MATRICES: Final = ("matrix", "pmatrix", "bmatrix", "vmatrix", "Vmatrix", "array", "smallmatrix")
DEEPEST: Final = 60
"""The upper limit on brackets within brackets."""


@dataclass(eq=False)
class FormulaError(InputError):
    """A formula that cannot be read: where, and what could have stood there."""


def read(text: str, functions: Iterable[str] = ()) -> Tree:
    r"""The tree of one formula.

    Args:
        functions: further letters that are functions where they stand before a bracket.

    Raises:
        FormulaError: the text is no formula.

    >>> read(r"\frac{x}{3} - 2\sin x")
    ('subtract', ('divide', ('x',), ('3',)), ('multiply', ('2',), ('sin', ('x',))))
    """
    found = read_all(text, functions)
    if len(found) == 1:
        return found[0]
    return ("list", *found)


def read_all(text: str, functions: Iterable[str] = ()) -> tuple[Tree, ...]:
    """The trees of formulas that commas, semicolons or `and` separate.

    Raises:
        FormulaError: the text is none.

    >>> read_all("x = 1, y = 2")
    (('equal', ('x',), ('1',)), ('equal', ('y',), ('2',)))
    """
    reader = _Reader(text, frozenset(functions) | CALLED)
    try:
        return reader.all()
    except RecursionError:
        raise reader.error(0, "a formula", "fewer levels of brackets and signs") from None


class _Reader:
    """The tokens of a text, and the place in them."""

    def __init__(self, text: str, functions: frozenset[str]) -> None:
        self.text, self.functions = text, functions
        self.tokens, wrong = tokens(text)
        if wrong is not None:
            raise self.error(wrong, f"{text[wrong]!r}", "a sign, a number or a letter of a formula")
        self.tokens = spaced(self.tokens, text)
        self.at = 0
        self.depth = 0
        self.bars = 0
        self.plain: set[int] = set()
        self.congruence = any(token.value == "equiv" for token in self.tokens)

    def error(self, place: int, found: str, expected: str) -> FormulaError:
        before = self.text[:place]
        line = before.count("\n") + 1
        start = before.rfind("\n") + 1
        end = self.text.find("\n", place)
        shown = self.text[start : end if end >= 0 else len(self.text)]
        return FormulaError(found, (expected,), None, line, place - start + 1, shown)

    def refuse(self, expected: str) -> FormulaError:
        token = self.peek()
        if token is None:
            return self.error(len(self.text), "the end", expected)
        return self.error(token.start, repr(self.text[token.start : token.end]), expected)

    def peek(self, ahead: int = 0) -> Token | None:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def sees(self, *values: str, kind: str = "sign") -> bool:
        token = self.peek()
        return token is not None and token.kind == kind and token.value in values

    def take(self, *values: str, kind: str = "sign") -> bool:
        if self.sees(*values, kind=kind):
            self.at += 1
            return True
        return False

    def need(self, value: str, shown: str | None = None) -> None:
        if not self.take(value):
            raise self.refuse(repr(shown or value))

    def all(self) -> tuple[Tree, ...]:
        found: list[Tree] = []
        while self.take(",", ";", "newline", "."):
            pass
        while self.peek() is not None:
            found.append(self.statement())
            if self.peek() is None:
                break
            if not self.sees(",", ";", "newline", "and", ".", ":", "or") and not self.sees(
                *_JOINING, kind="words"
            ):
                raise self.refuse("an operator, a comma or the end")
            while self.take(",", ";", "newline", "and", ".", ":", "or") or self.take(
                *_JOINING, kind="words"
            ):
                pass
        if not found:
            raise self.refuse("a formula")
        return tuple(found)

    def statement(self) -> Tree:
        parts = [self.side()]
        names: list[str] = []
        while (token := self.peek()) and token.kind == "sign" and token.value in RELATIONS:
            self.at += 1
            names.append(RELATIONS[token.value])
            if names[-1] == "tends" and self.sees("-") and self.peek(1) is None:
                raise self.refuse("a limit")
            parts.append(self.side())
        if not names:
            return parts[0]
        if names == ["congruent"]:
            return ("congruent", *parts, self.modulus())
        links = [(name, parts[k], parts[k + 1]) for k, name in enumerate(names)]
        return links[0] if len(links) == 1 else ("and", *links)

    def modulus(self) -> Tree:
        if self.take("pmod"):
            return self.group()
        if self.sees("(") and (token := self.peek(1)) and token.value in ("mod", "pmod"):
            self.at += 2
            inner = self.sum()
            self.need(")")
            return inner
        if self.take("mod"):
            return self.factor()
        raise self.refuse("a modulus, as in (mod 7)")

    def side(self) -> Tree:
        tree = self.sum()
        variables: list[Tree] = []
        while (token := self.peek()) and token.kind == "differential":
            self.at += 1
            variables.append((token.value,))
        if variables:
            tree = _node("differential", tree, *variables)
        while self.take("cup"):
            tree = _node("union", tree, self.sum())
        return tree

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refuse(f"at most {DEEPEST} brackets within brackets")
        tree = self.signed()
        while self.sees("+", "-", "pm", "mp"):
            sign = self.tokens[self.at].value
            self.at += 1
            if sign in "+-" and (self.peek() is None or self.sees(")", "}", ",")):
                self.at -= 1
                break  # a one-sided limit, such as 5^+
            if self.sees("dots"):
                self.at += 1
                tree = _node("add", tree, ("dots",))
                continue
            name = {"+": "add", "-": "subtract", "pm": "plus_minus", "mp": "plus_minus"}[sign]
            tree = _node(name, tree, self.signed())
        self.depth -= 1
        return tree

    def signed(self) -> Tree:
        if self.take("-"):
            return ("negate", self.signed())
        if self.take("pm"):
            return ("plus_minus", ("0",), self.signed())
        if self.take("+"):
            return self.signed()
        return self.product()

    def product(self) -> Tree:
        tree = self.factor()
        while True:
            if self.take("*"):
                if self.take("dots"):
                    tree = _node("multiply", tree, ("dots",))
                    self.take("*")
                else:
                    tree = _node("multiply", tree, self.factor_signed())
            elif self.take("cross"):
                tree = _node("cross", tree, self.factor_signed())
            elif self.take("/"):
                tree = _node("divide", tree, self.factor_signed())
            elif self.take("mod"):
                tree = _node("modulo", tree, self.factor_signed())
            elif self.sees("pmod") or (self.sees("(") and self.next_is("mod")):
                if self.congruence:
                    return tree
                tree = _node("modulo", tree, self.modulus())
            elif (token := self.peek()) and token.kind == "custom":
                self.at += 1
                tree = _node("call", (token.value,), tree, self.factor_signed())
            elif self.take("compose"):
                tree = _node("compose", tree, self.factor())
            elif self.sees(".") and tree[0] in _VECTORS and self.starts(1):
                self.at += 1
                tree = _node("dot", tree, self.factor())
            elif self.starts():
                tree = _node("multiply", tree, self.factor())
            else:
                return tree

    def next_is(self, value: str) -> bool:
        token = self.peek(1)
        return token is not None and token.value == value

    def factor_signed(self) -> Tree:
        if self.take("-"):
            return ("negate", self.factor_signed())
        if self.take("+"):
            return self.factor_signed()
        return self.factor()

    def starts(self, ahead: int = 0) -> bool:
        """Whether a factor begins here."""
        token = self.peek(ahead)
        if token is None:
            return False
        if token.kind in ("number", "name", "function"):
            return True
        if token.kind == "command":
            return token.value not in ("end", "overline_end")
        if token.kind == "sign":
            if token.value in ("|", "||"):
                return self.bars == 0
            return token.value in ("(", "[", "{", "{{", "<<", "lfloor", "lceil", "int")
        return False

    def factor(self) -> Tree:
        start = self.at
        tree = self.base()
        while True:
            if self.take("!"):
                tree = _node("factorial", tree)
            elif self.sees("degree"):
                self.at += 1
                tree = _node("degrees", tree)
            elif self.take("%"):
                tree = _node("percent", tree)
            elif self.sees("'", "''", "'''", "''''"):
                count = len(self.tokens[self.at].value)
                self.at += 1
                while self.sees("'", "''"):
                    count += len(self.tokens[self.at].value)
                    self.at += 1
                tree = self.primed(tree, count)
            elif self.take("^"):
                tree = self.powered(tree, start)
            elif self.sees("_"):
                tree = self.subscripted(tree)
            else:
                return tree

    def primed(self, tree: Tree, count: int) -> Tree:
        """Derivatives of names and transposes of matrices."""
        name, parts = tree[0], tree[1:]
        if not parts and name.isalpha() and len(name) == 1:
            primed: Tree = ("prime", tree, (str(count),))
            if self.sees("("):
                return ("applied", primed, *self.arguments())
            return primed
        if name == "call":
            return ("applied", ("prime", parts[0], (str(count),)), *parts[1:])
        return ("transpose", tree)

    def powered(self, tree: Tree, start: int) -> Tree:
        if self.sees("degree"):
            self.at += 1
            return ("degrees", tree)
        if self.take("{"):
            if self.take("degree"):
                self.need("}")
                return ("degrees", tree)
            if self.sees("'", "''", "'''"):
                count = len(self.tokens[self.at].value)
                self.at += 1
                self.need("}")
                return self.primed(tree, count)
            if self.take("T", kind="name"):
                if self.take("}"):
                    return ("transpose", tree)
                self.at -= 1
            if self.sees("(") and (ordered := self.order_of_derivative(tree)):
                return ordered
            exponent = self.sum()
            if self.take("words"):
                pass
            self.need("}")
        elif self.sees("+", "-") and not self.starts(1):
            side = self.tokens[self.at].value
            self.at += 1
            return ("from_above" if side == "+" else "from_below", tree)
        elif self.sees("+", "-"):
            negative = self.tokens[self.at].value == "-"
            self.at += 1
            exponent = self.exponent()
            exponent = ("negate", exponent) if negative else exponent
        elif self.take("T", kind="name"):
            return ("transpose", tree)
        else:
            exponent = self.exponent()
        if tree == ("e",) and exponent[0] in _SHORT and (end := self.tokens[self.at - 1].end):
            after = self.peek()
            if (
                after is not None
                and after.kind == "name"
                and after.start == end
                and (self.text[end - 1] != "}")
            ):
                self.at += 1
                exponent = _longer(exponent, (after.value,))
        return ("power", tree, exponent)

    def order_of_derivative(self, tree: Tree) -> Tree | None:
        """`f^{(3)}` is the third derivative."""
        one, two, three = self.peek(1), self.peek(2), self.peek(3)
        if (
            tree[0] in self.functions and one and two and three
            and one.kind == "number" and two.value == ")" and three.value == "}"
        ):  # fmt: skip
            self.at += 4
            return self.primed(tree, int(one.value))
        return None

    def exponent(self) -> Tree:
        start = self.at
        tree = self.base()
        while self.take("!"):
            tree = _node("factorial", tree)
        while self.sees("_"):
            tree = self.subscripted(tree)
        if self.take("^"):
            tree = self.powered(tree, start)
        return tree

    def subscripted(self, tree: Tree) -> Tree:
        self.at += 1
        braces = self.take("{")
        below = self.sum() if braces else self.base()
        if braces:
            extra = [below]
            while self.take(","):
                extra.append(self.sum())
            self.need("}")
            if len(extra) > 1:
                below = ("_".join(part[0] for part in extra),)
        number = tree[0][:1].isdigit() if len(tree) == 1 else False
        if number:
            return ("in_base", tree, below)
        if len(tree) == 1 and len(below) == 1:
            named: Tree = (f"{tree[0]}_{below[0]}",)
            return named
        return ("index", tree, below)

    def group(self) -> Tree:
        """An argument of a command: in braces, or one token."""
        if self.take("{"):
            if self.take("}"):
                raise self.refuse("a formula in the braces")
            tree = self.side()
            self.need("}")
            return tree
        token = self.peek()
        if token is not None and token.kind == "number" and len(token.value) > 1:
            self.tokens[self.at : self.at + 1] = [
                Token("number", token.value[0], token.start, token.start + 1),
                Token("number", token.value[1:], token.start + 1, token.end),
            ]  # \frac12
        return self.base()

    def arguments(self) -> tuple[Tree, ...]:
        self.need("(")
        bars, self.bars = self.bars, 0
        found = [self.statement()]
        while self.take(",", ";"):
            found.append(self.statement())
        self.need(")")
        self.bars = bars
        return tuple(found)

    def base(self) -> Tree:
        token = self.peek()
        if token is None:
            raise self.refuse("a number, a name or a bracket")
        match token.kind:
            case "number":
                self.at += 1
                return self.number(token)
            case "name":
                self.at += 1
                return self.name(token)
            case "function":
                self.at += 1
                return self.function(token.value)
            case "command":
                self.at += 1
                return self.command(token)
            case "differential":
                return self.fraction_of_differentials()
            case "sign":
                return self.bracketed(token)
            case _:
                raise self.refuse("a number, a name or a bracket")

    def number(self, token: Token) -> Tree:
        after = self.peek()
        if after is not None and after.kind == "command":
            if after.value == "overline":
                self.at += 1
                self.need("{")
                digits = self.peek()
                if digits is None or digits.kind != "number":
                    raise self.refuse("the digits that repeat")
                self.at += 1
                self.need("}")
                return ("repeating", (token.value,), (digits.value,))
            if after.value in ("frac", "dfrac", "tfrac") and token.value.isdigit():
                part = self.command_ahead()
                if part is not None:
                    return ("mixed", (token.value,), part)
        return (token.value,)

    def command_ahead(self) -> Tree | None:
        """A fraction of two numbers after a number: the rest of a mixed number."""
        place, kept = self.at, list(self.tokens)
        self.at += 1
        above, below = self.group(), self.group()
        if all(len(part) == 1 and part[0].isdigit() for part in (above, below)):
            return ("divide", above, below)
        self.at, self.tokens = place, kept
        return None

    def name(self, token: Token) -> Tree:
        tree: Tree = (token.value,)
        if token.value in self.functions and self.sees("^") and self.inverted():
            return ("applied", ("inverse", tree), *self.arguments())
        if token.value in self.functions and self.sees("("):
            return ("call", tree, *self.arguments())
        return tree

    def inverted(self) -> bool:
        """`^{-1}` before a bracket, which is then behind."""
        values = [t.value for k in range(1, 6) if (t := self.peek(k))]
        if values[:5] == ["{", "-", "1", "}", "("]:
            self.at += 5
            return True
        if values[:3] == ["-", "1", "("]:
            self.at += 3
            return True
        return False

    def function(self, name: str) -> Tree:
        name = SAME.get(name, name)
        power: Tree | None = None
        base: Tree | None = None
        while self.sees("^", "_"):
            if self.take("_"):
                base = self.group()
            elif self.take("^"):
                if self.sees("{"):
                    power = self.group()
                elif self.take("-"):
                    power = ("negate", self.base())
                else:
                    power = self.base()
        if power == ("negate", ("1",)) and name in INVERSES:
            name, power = INVERSES[name], None
        arguments = self.function_arguments()
        if base is not None:
            if name not in ("log", "ln"):
                raise self.refuse(f"no base below {name}")
            tree: Tree = ("logarithm", base, *arguments)
        else:
            tree = (name, *arguments)
        return tree if power is None else ("power", tree, power)

    def function_arguments(self) -> tuple[Tree, ...]:
        if self.sees("("):
            return self.arguments()
        if self.sees("{"):
            return (self.group(),)
        negative = self.take("-")
        tree = self.argument()
        return (("negate", tree) if negative else tree,)

    def argument(self) -> Tree:
        """An argument without brackets: a product up to the next function or sign."""
        tree = self.factor()
        while self.starts() and not self.sees(*_OPENING):
            token = self.peek()
            if (
                token is None
                or token.kind == "function"
                or (token.kind == "command" and token.value in ("lim", "sum", "int", "prod"))
            ):
                break
            tree = _node("multiply", tree, self.factor())
        while self.sees("/") and (token := self.peek(1)) and token.kind == "number":
            self.at += 1
            tree = _node("divide", tree, self.factor())
        return tree

    def command(self, token: Token) -> Tree:
        match token.value:
            case "frac" | "dfrac" | "tfrac" | "cfrac":
                return self.fraction()
            case "sqrt":
                if self.take("["):
                    degree = self.sum()
                    self.need("]")
                    return ("root", degree, self.one())
                return ("sqrt", self.one())
            case "cbrt":
                return ("root", ("3",), self.one())
            case "abs" | "floor" | "ceiling":
                return (token.value, *self.arguments())
            case "binom" | "dbinom" | "tbinom" | "binomial":
                if self.sees("("):
                    return ("binomial", *self.arguments())
                return ("binomial", self.group(), self.group())
            case "lim" | "sum" | "prod" | "int":
                return self.big(token.value)
            case "begin":
                return self.environment()
            case "overline" | "bar":
                return ("conjugate", self.group())
            case "max" | "min":
                return (token.value, *self.arguments())
            case "phi":
                return ("phi",)
            case "mathop" | "boxed":
                return self.group()
            case _:
                self.at -= 1
                raise self.refuse("a command that is known here")

    def one(self) -> Tree:
        return self.group() if not self.sees("(") else self.arguments()[0]

    def fraction(self) -> Tree:
        differentials = self.differential_fraction()
        if differentials is not None:
            return differentials
        return ("divide", self.group(), self.group())

    def differential_fraction(self) -> Tree | None:
        r"""`\frac{dy}{dx}`, `\frac{d}{dx}` and their higher and partial kin, or None."""
        values: list[Token] = self.tokens[self.at : self.at + 24]
        shown = [t.value if t.kind != "differential" else f"d{t.value}" for t in values]
        depth, closings = 0, []
        for place, value in enumerate(shown):
            depth += (value == "{") - (value == "}")
            if depth == 0:
                closings.append(place)
            if len(closings) == 2:
                break
        if len(closings) < 2 or shown[0] != "{":
            return None
        above, below = shown[1 : closings[0]], shown[closings[0] + 2 : closings[1]]
        mark = next((m for m in ("partial", "d") if above and above[0].startswith(m)), None)
        if mark is None or not below or not below[0].startswith(mark):
            return None
        order, what = 1, list(above)
        if len(what[0]) > 1 and mark == "d":
            what = ["d", what[0][1:], *what[1:]]
        what = what[1:]
        if what[:1] == ["^"] and len(what) > 1 and what[1].isdigit():
            order, what = int(what[1]), what[2:]
        variables: list[Tree] = []
        rest = list(below)
        while rest:
            head = rest.pop(0)
            if head == mark and rest:
                head = mark + rest.pop(0)
            if not head.startswith(mark) or len(head) <= len(mark):
                return None
            variable = head.removeprefix(mark)
            times = 1
            if rest[:1] == ["^"] and len(rest) > 1 and rest[1].isdigit():
                times, rest = int(rest[1]), rest[2:]
            variables += [(variable,)] * times
        if len(variables) != order or len(what) > 1:
            return None
        self.at += closings[1] + 1
        name = "partial" if mark == "partial" else "derivative"
        if what:
            return (name, (what[0],), *variables)
        return (name, self.product(), *variables)

    def fraction_of_differentials(self) -> Tree:
        """`dy/dx`, or an error: a differential alone is no factor."""
        first, slash, second = self.peek(), self.peek(1), self.peek(2)
        if first and slash and second and slash.value == "/" and second.kind == "differential":
            self.at += 3
            return ("derivative", (first.value,), (second.value,))
        if first is not None and self.at == 0:
            self.at += 1
            return ("differential_of", (first.value,))
        raise self.refuse("a number, a name or a bracket")

    def big(self, name: str) -> Tree:
        r"""`\lim`, `\sum`, `\prod` and `\int` with what stands below and above them."""
        below: Tree | None = None
        above: Tree | None = None
        if name == "lim" and self.sees("_") and (short := self.short_limit()):
            return short
        while self.sees("_", "^"):
            if self.take("_"):
                below = self.limits()
            elif self.take("^"):
                above = self.group()
        if name == "lim":
            if below is None:
                below = self.statement_of_limit()
            if below[0] != "tends":
                raise self.refuse("the variable and its limit, such as x -> 0")
            body = self.product()
            return ("limit", body, below[1], *_sided(below[2]))
        if name == "int":
            body = self.sum() if not self.sees_differential() else ("1",)
            if self.take("*"):
                pass
            token = self.peek()
            if token is None or token.kind != "differential":
                raise self.refuse("the differential of the integral, such as dx")
            self.at += 1
            if below is None or above is None:
                return ("antiderivative", body, (token.value,))
            return ("integral", body, (token.value,), below, above)
        kind = "sum" if name == "sum" else "product"
        if below is None:
            raise self.refuse("where the sum begins, such as _{n=1}")
        if below[0] == "equal":
            index, first = below[1], below[2]
        else:
            index, first = ("n",), below
        if above is None:
            raise self.refuse("where the sum ends, such as ^{10}")
        body = self.product() if not self.sees("-") else self.signed()
        return (kind, body, index, first, above)

    def sees_differential(self) -> bool:
        token = self.peek()
        return token is not None and token.kind == "differential"

    def limits(self) -> Tree:
        if self.take("{"):
            tree = self.statement()
            self.need("}")
            return tree
        if self.take("("):
            tree = self.statement()
            self.need(")")
            return tree
        return self.base()

    def statement_of_limit(self) -> Tree:
        bracket = self.take("(")
        variable = self.base()
        self.need("->")
        point = self.signed_base()
        if bracket:
            self.need(")")
        return ("tends", variable, point)

    def signed_base(self) -> Tree:
        if self.take("-"):
            return ("negate", self.signed_base())
        self.take("+")
        tree = self.base()
        if self.sees("^") and (token := self.peek(1)) and token.value in "+-":
            self.at += 1
            return self.powered(tree, self.at)
        if (
            self.sees("+", "-")
            and (token := self.peek(1))
            and token.start > self.tokens[self.at].end
        ):
            side = self.tokens[self.at].value
            self.at += 1
            return ("from_above" if side == "+" else "from_below", tree)
        return tree

    def short_limit(self) -> Tree | None:
        """`lim_x_5+ ...`: the variable and the point after underlines."""
        variable, line = self.peek(1), self.peek(2)
        if variable is None or line is None or variable.kind != "name" or line.value != "_":
            return None
        self.at += 3
        point = self.signed_base()
        return ("limit", self.product(), (variable.value,), *_sided(point))

    def environment(self) -> Tree:
        kind = self.environment_name()
        if kind == "array" and self.take("{"):
            while not self.take("}"):
                self.at += 1
        if kind in MATRICES:
            rows = self.rows()
            self.closing()
            matrix: Tree = ("matrix", *[("row", *row) for row in rows])
            return ("det", matrix) if kind == "vmatrix" else matrix
        if kind == "cases":
            rows = self.rows()
            self.closing()
            return ("cases", *[("row", *row) for row in rows])
        raise self.refuse("a matrix or cases")

    def environment_name(self) -> str:
        letters: list[str] = []
        self.need("{")
        while not self.take("}"):
            token = self.peek()
            if token is None:
                raise self.refuse("'}'")
            letters.append(token.value)
            self.at += 1
        return "".join(letters)

    def closing(self) -> None:
        if not self.take("end", kind="command"):
            raise self.refuse(r"'\\end'")
        self.environment_name()

    def rows(self) -> list[list[Tree]]:
        """The rows of a matrix: cells that `&` separates, which a token does not tell."""
        rows: list[list[Tree]] = []
        while not self.sees("end", kind="command"):
            if self.peek() is None:
                raise self.refuse(r"'\\end'")
            row: list[Tree] = []
            while not self.sees("end", kind="command") and not self.sees("newline"):
                row.append(self.cell())
            self.take("newline")
            if row:
                rows.append(row)
        return rows

    def cell(self) -> Tree:
        """One cell: up to the next `&` of the text."""
        here = self.peek()
        assert here is not None
        stop = self.text.find("&", here.start)
        kept = self.tokens
        if stop >= 0:
            upto = next((k for k in range(self.at, len(kept)) if kept[k].start > stop), len(kept))
            inner = [t.value for t in kept[self.at : upto]]
            if "newline" not in inner and "end" not in inner and "begin" not in inner:
                self.tokens = kept[:upto]
                tree = self.cell_inner()
                if self.peek() is not None:
                    raise self.refuse("the end of the cell")
                self.tokens = kept
                return tree
        return self.cell_inner()

    def cell_inner(self) -> Tree:
        while (token := self.peek()) and token.kind == "words":
            self.at += 1
        tree = self.statement()
        while (token := self.peek()) and (token.kind == "words" or token.value in (",", ".")):
            self.at += 1
            if token.value == "," and (after := self.peek()) and after.value not in ("newline",):
                continue
        return tree

    def bracketed(self, token: Token) -> Tree:
        bars, self.bars = self.bars, 0
        try:
            match token.value:
                case "(" | "[":
                    self.at += 1
                    return self.round_or_square(token.value)
                case "{":
                    self.at += 1
                    tree = self.statement()
                    if self.sees(","):
                        return self.listed("set", [tree], "}")
                    self.need("}")
                    return tree
                case "{{":
                    self.at += 1
                    return self.listed("set", [self.statement()], "}}")
                case "<<" | "<":
                    self.at += 1
                    return self.listed("vector", [self.sum()], ">>" if token.value == "<<" else ">")
                case "|" | "||":
                    self.at += 1
                    self.bars = 1
                    inner = self.sum()
                    self.need(token.value)
                    return ("abs" if token.value == "|" else "norm", inner)
                case "lfloor" | "lceil":
                    self.at += 1
                    inner = self.sum()
                    self.need("r" + token.value[1:])
                    return ("floor" if token.value == "lfloor" else "ceiling", inner)
                case "int":
                    self.at += 1
                    return self.big("int")
                case "sqrt":
                    self.at += 1
                    return ("sqrt", self.one())
                case "sum":
                    self.at += 1
                    return self.big("sum")
                case "dots":
                    self.at += 1
                    return ("dots",)
                case "-" if self.at and self.peek(1):
                    self.at += 1
                    return ("negate", self.base())
                case _:
                    raise self.refuse("a number, a name or a bracket")
        finally:
            self.bars = bars

    def listed(self, name: str, items: list[Tree], closing: str) -> Tree:
        while self.take(",", ";"):
            items.append(self.sum())
        self.need(closing)
        return (name, *items)

    def nested(self) -> Tree | None:
        """`[[2, 1], [1, 2]]`, a matrix by its rows, whose first bracket is behind; None if not."""
        kept = self.at, self.depth, self.bars
        if self.at in self.plain:
            return None
        rows: list[list[Tree]] = []
        try:
            while self.take("["):
                rows.append([self.statement()])
                while self.take(","):
                    rows[-1].append(self.statement())
                self.need("]")
                self.take(",", ";")
            self.need("]")
        except FormulaError:
            rows = []
        if not rows or (len(rows) == 1 and len(rows[0]) == 1):
            self.at, self.depth, self.bars = kept
            self.plain.add(self.at)  # so that brackets within brackets are tried once
            return None
        if len({len(row) for row in rows}) != 1:
            self.at = kept[0]
            raise self.refuse("rows of a matrix that are equally long")
        return ("matrix", *[("row", *row) for row in rows])

    def round_or_square(self, opening: str) -> Tree:
        if opening == "[" and self.sees("[") and (matrix := self.nested()):
            return matrix
        rows: list[list[Tree]] = [[self.statement()]]
        while self.sees(",", ";"):
            if self.tokens[self.at].value == ";":
                rows.append([])
            self.at += 1
            rows[-1].append(self.statement())
        closing = self.peek()
        if closing is None or closing.value not in ("]", ")"):
            raise self.refuse(f"{'a closing bracket'}")
        if len({len(row) for row in rows}) != 1:
            raise self.refuse("rows of a matrix that are equally long")
        self.at += 1
        if len(rows) > 1:
            return ("matrix", *[("row", *row) for row in rows])
        items = rows[0]
        kinds = {"()": "tuple", "[]": "bracket", "(]": "left_open", "[)": "right_open"}
        kind = kinds[opening + closing.value]
        if len(items) == 1:
            return items[0]
        return (kind, *items)


_SHORT: Final = ("negate", *"0123456789")


def _node(name: str, *children: Tree) -> Tree:
    """For trees that grow in a loop: their type stays `Tree`, where a checker would let it grow."""
    return (name, *children)


def _longer(exponent: Tree, name: Tree) -> Tree:
    """`e^2t` is e to the power 2t, unlike `x^2t`."""
    if exponent[0] == "negate":
        return ("negate", _longer(exponent[1], name))
    return ("multiply", exponent, name)


_JOINING: Final = ("and", "or", "if", "for", "where", "when", "with", "and}", "otherwise")
_OPENING: Final = ("(", "[", "{{", "|")
_VECTORS: Final = ("matrix", "vector", "bracket", "tuple", "multiply", "add", "transpose")


def _sided(point: Tree) -> tuple[Tree, Tree]:
    if point[0] in ("from_above", "from_below"):
        return point[1], ("above" if point[0] == "from_above" else "below",)
    return point, ("both",)
