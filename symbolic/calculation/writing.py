"""Trees of formulas as text that is read back as the same formula."""

from typing import Final

from abduce.grammars.grammar import Tree

SIGNS: Final = {
    "add": " + ", "subtract": " - ", "multiply": "*", "divide": "/", "power": "^", "equal": " = ",
    "less": " < ", "less_equal": " <= ", "greater": " > ", "greater_equal": " >= ",
    "unequal": " != ", "tends": " -> ",
}  # fmt: skip
LEVELS: Final = {"add": 1, "subtract": 1, "negate": 1, "multiply": 2, "divide": 2, "power": 3}


def written(tree: Tree) -> str:
    """The text of a tree.

    >>> written(("multiply", ("add", ("x",), ("1",)), ("sin", ("x",))))
    '(x + 1)*sin(x)'
    """
    name, parts = tree[0], tree[1:]
    if not parts:
        return str(name)
    if name in SIGNS:
        level = LEVELS.get(name, 0)
        left = _inside(parts[0], level + (name == "power"))
        right = _inside(parts[1], level + (name in ("subtract", "divide", "multiply")))
        return f"{left}{SIGNS[name]}{right}"
    inner = [written(part) for part in parts]
    match name:
        case "negate":
            return f"-{_inside(parts[0], 2)}"
        case "and":
            return " and ".join(inner)
        case "list":
            return f"[{', '.join(inner)}]"
        case "row":
            return ", ".join(inner)
        case "matrix":
            return f"[{'; '.join(inner)}]"
        case "tuple":
            return f"({', '.join(inner)})"
        case "bracket":
            return f"[{', '.join(inner)}]"
        case "vector":
            return f"<{', '.join(inner)}>"
        case "set":
            return f"{{{', '.join(inner)}}}"
        case "call":
            return f"{inner[0]}({', '.join(inner[1:])})"
        case "prime":
            return inner[0] + "'" * int(inner[1])
        case "applied":
            return f"{inner[0]}({', '.join(inner[1:])})"
        case "factorial":
            return f"{_inside(parts[0], 9)}!"
        case "transpose":
            return f"{_inside(parts[0], 9)}'"
        case "in_base":
            return f"{inner[0]}_{inner[1]}"
        case "percent":
            return f"{inner[0]}%"
        case "degrees":
            return f"{_inside(parts[0], 9)} degrees"
        case _:
            return f"{name}({', '.join(inner)})"


def _inside(tree: Tree, level: int) -> str:
    text = written(tree)
    own = LEVELS.get(tree[0], 9 if len(tree) == 1 else 8 if tree[0] not in SIGNS else 0)
    return f"({text})" if own < level else text
