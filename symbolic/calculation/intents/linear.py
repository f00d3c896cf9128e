"""Intents of linear algebra."""
# ruff: noqa: E501

from collections.abc import Callable
from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.intents.reading import (
    built,
    call,
    has_matrix,
    matrices,
    matrix_of,
    several,
)
from abduce.symbolic.calculation.trees import is_name, names, replaced
from abduce.symbolic.calculation.understanding import Asked, Intent, Understood

Reader = Callable[[Asked], Understood]


def _one(operation: str) -> Reader:
    """Of the matrix that the pattern took, or the only one."""

    def read(asked: Asked) -> Understood:
        m = matrix_of(asked)
        return built(call(operation, m)) if m is not None and m[0] != "equal" else None

    return read


def _two(operation: str, *words: str) -> Reader:
    """Of two vectors: those that the pattern took, or the only two."""

    def read(asked: Asked) -> Understood:
        found = pair(asked)
        return built(call(operation, *found, *words)) if found else None

    return read


def pair(asked: Asked) -> tuple[Tree, Tree] | None:
    """The two vectors of a question."""
    if "v" in asked.match and "w" in asked.match:
        one, two = (asked.every.closed(asked.match[k]) for k in "vw")
        one, two = (t[2] if t[0] == "equal" else t for t in (one, two))
        if has_matrix(one) and has_matrix(two):
            return one, two
    found = matrices(asked)
    return (found[0], found[1]) if len(found) == 2 else None


def _angle(asked: Asked) -> Understood:
    found = pair(asked)
    if found is None:
        return None
    return built(call("angle", *found, "degrees" if asked.says("degree") else "radians"))


def _norm(asked: Asked) -> Understood:
    v = matrix_of(asked, "v")
    if v is None:
        return None
    kind = "squared" if asked.says("squared?") else "2"
    named = [t for t in asked.trees if is_name(t) and t[0] in ("L_1", "L_infinity", "l_1")]
    if named:
        kind = "1" if named[0][0] in ("L_1", "l_1") else "infinity"
    return built(call("norm", v, kind))


def _matrix_equation(asked: Asked) -> Understood:
    """`R*A = B`, `A*x = b`."""
    found = [t for t in asked.every.equations if has_matrix(t)]
    if len(found) != 1:
        return None
    left, right = found[0][1], asked.every.closed(found[0][2])
    if left[0] != "multiply" or not has_matrix(right):
        return None
    one, two = left[1], left[2]
    operation = "least_squares" if asked.says("least.squares") else "solve_matrix"
    if is_name(two) and two[0] not in asked.every.named:
        if operation == "least_squares":
            return built(call(operation, asked.every.closed(one), right))
        return built(call(operation, asked.every.closed(one), right, "right"))
    if is_name(one) and operation == "solve_matrix" and one[0] not in asked.every.named:
        return built(call(operation, asked.every.closed(two), right, "left"))
    return None


def _least_squares(asked: Asked) -> Understood:
    equation = _matrix_equation(asked)
    if equation is not None:
        return equation
    named = asked.every.named
    if "A" in named and "b" in named:
        return built(call("least_squares", named["A"], named["b"]))
    return None


def _coordinates(asked: Asked) -> Understood:
    found = matrices(asked)
    if "v" not in asked.match or len(found) < 3:
        return None
    return built(call("coordinates", found[0], several(found[1:])))


def _all_vectors(operation: str) -> Reader:
    def read(asked: Asked) -> Understood:
        found = matrices(asked)
        if len(found) == 1 and found[0][0] == "matrix" and operation != "span_dimension":
            return None
        return built(call(operation, several(found))) if len(found) > 1 else None

    return read


def _fitting(asked: Asked) -> Understood:
    m = matrix_of(asked)
    kind = next((k for k in ("symmetric", "orthogonal", "singular") if asked.says(k)), None)
    if asked.says("not invertible|no inverse|does not have an inverse"):
        kind = "singular"
    if m is None or kind is None or not names(m):
        return None
    return built(call("fitting", m, kind))


def _member(asked: Asked) -> Understood:
    found = matrices(asked)
    if len(found) < 2:
        return None
    *vectors, m = found
    return built(call("in_null_space", m, several(vectors)))


def _eigenvalue_of(asked: Asked) -> Understood:
    found = pair(asked)
    return built(call("eigenvalue_of", found[1], found[0])) if found else None


def _value(asked: Asked) -> Understood:
    """An expression with matrices."""
    tree = asked.match.get("f")
    if tree is None or tree[0] == "equal":
        return None
    closed = asked.every.closed(tree)
    wholes = {n: t for n, t in asked.every.named.items() if has_matrix(t)}
    closed = replaced(closed, wholes)
    if not has_matrix(closed) or names(closed) or len(closed) == 1 or closed[0] in (
        "matrix", "vector", "bracket", "tuple",
    ):  # fmt: skip
        return None
    if closed[0] == "multiply" and asked.says("cross|×"):
        return None
    parts = closed[1:]
    if closed[0] == "multiply" and parts[0][0] == "multiply" and parts[0][2] == ("x",):
        return None
    return built(call("simplify", closed))


def _times(asked: Asked) -> Understood:
    """`a x b`: a cross product in plain text."""
    tree = asked.match.get("f")
    if tree is None or tree[0] != "multiply" or tree[1][0] != "multiply" or tree[1][2] != ("x",):
        return None
    one, two = asked.every.closed(tree[1][1]), asked.every.closed(tree[2])
    if not (has_matrix(one) and has_matrix(two)):
        return None
    return built(call("cross", one, two))


def _linear_map(asked: Asked) -> Understood:
    """`A v = w` for some v, and `A u` is asked for."""
    tree = asked.match.get("f")
    if tree is None or tree[0] != "multiply" or not is_name(tree[1]) or not has_matrix(tree[2]):
        return None
    sources, images = [], []
    for equation in asked.every.equations:
        left = equation[1]
        if left[0] != "multiply" or left[1] != tree[1] or not has_matrix(equation[2]):
            return None
        sources.append(left[2])
        images.append(equation[2])
    if not sources:
        return None
    return built(call("linear_map", several(sources), several(images), tree[2]))


MATRIX: Final = r"(?: (?:of|for)(?: the| each)?(?: following)?(?: matrix| matrices)?(?: {m})?)?"
COMMON: Final = "matrix matrices vector vectors its between"
INTENTS: Final = (
    Intent(name="determinant", asked=(rf"determinant{MATRIX}",), words=COMMON, read=_one("determinant"), weight=2,
        examples=(("Find the determinant of the matrix [1, 2; 3, 4].", "-2"),
                  ("What is the determinant of [[2,1],[1,2]]?", "3"))),
    Intent(name="inverse of a matrix", asked=(r"inverse (?:of|for) (?:the )?(?:following )?matrix(?: {m})?", r"inverse of {m}"),
        words=COMMON, read=_one("inverse"), weight=2,
        examples=(("Find the inverse of the matrix [1, 2; 3, 4].", "[-2, 1; 3/2, -1/2]"),)),
    Intent(name="eigenvalues", asked=(rf"eigenvalues?{MATRIX}",), words=COMMON, read=_one("eigenvalues"), weight=1,
        examples=(("Find the eigenvalues of [2, 0; 0, 3].", "2, 3"),
                  ("Find the eigenvalues of [2 1; 1 2].", "1, 3"))),
    Intent(name="eigenvectors", asked=(rf"eigenvectors?{MATRIX}",), words=COMMON + " eigenvalues eigenspaces", read=_one("eigenvectors"), weight=1,
        examples=(("Find the eigenvectors of [2, 0; 0, 3].", "2 = [1; 0], 3 = [0; 1]"),)),
    Intent(name="eigenvalue of an eigenvector", asked=(r"eigenvalue (?:associated with|of|for|corresponding to) the eigenvector {v} of (?:the )?(?:matrix )?{w}",),
        words=COMMON, read=_eigenvalue_of, weight=3,
        examples=(("Compute the eigenvalue associated with the eigenvector [1; 0] of the matrix [2, 0; 0, 3].", "2"),)),
    Intent(name="rank", asked=(rf"rank{MATRIX}",), words=COMMON, read=_one("rank"), weight=1,
        examples=(("Find the rank of the matrix [1, 2; 2, 4].", "1"),)),
    Intent(name="nullity", asked=(rf"(?:nullity|dimension of the (?:null ?space|kernel)){MATRIX}",), words=COMMON, read=_one("nullity"), weight=2,
        examples=(("Find the nullity of the matrix [1, 2; 2, 4].", "1"),)),
    Intent(name="null space", asked=(rf"(?:basis (?:of|for) the )?(?:null ?space|kernel){MATRIX}",), words=COMMON + " basis", read=_one("null_space"), weight=1,
        examples=(("Find a basis of the null space of the matrix [1, 2; 2, 4].", "[-2; 1]"),)),
    Intent(name="column space", asked=(rf"(?:basis (?:of|for) the )?column space{MATRIX}",), words=COMMON + " basis", read=_one("column_space"), weight=1,
        examples=(("Find a basis of the column space of the matrix [1, 2; 2, 4].", "[1; 2]"),)),
    Intent(name="row space", asked=(rf"(?:basis (?:of|for) the )?row space{MATRIX}",), words=COMMON + " basis", read=_one("row_space"), weight=1,
        examples=(("Find a basis of the row space of the matrix [1, 2; 2, 4].", "[1, 2]"),)),
    Intent(name="member of a null space", asked=(r"which of the vectors {} ?,? ?(?:and )?{}(?: ,? ?(?:and )?{})? is an element of the null ?space of the (?:following )?matrix",),
        words=COMMON, read=_member, weight=3,
        examples=(("Which of the vectors v=[1;1], u=[2;-1] is an element of the nullspace of the matrix [1,2;2,4]?", "[2; -1]"),)),
    Intent(name="reduced row echelon form", asked=(rf"(?:reduced )?(?:row[- ])?(?:reduced )?echelon form{MATRIX}",), words=COMMON + " reduced row", read=_one("reduced"), weight=2,
        examples=(("Compute the reduced row echelon form of the matrix [1, 2; 3, 4].", "[1, 0; 0, 1]"),)),
    Intent(name="trace", asked=(rf"trace{MATRIX}",), words=COMMON, read=_one("trace"), weight=1,
        examples=(("Compute the trace of the matrix [1, 2; 3, 4].", "5"),)),
    Intent(name="transpose", asked=(rf"transpose{MATRIX}",), words=COMMON, read=_one("transpose"),
        examples=(("Compute the transpose of the matrix [1, 2; 3, 4].", "[1, 3; 2, 4]"),)),
    Intent(name="characteristic polynomial", asked=(rf"characteristic polynomial{MATRIX}",), words=COMMON, read=_one("characteristic"), weight=1,
        examples=(("Find the characteristic polynomial of the matrix [1, 2; 3, 4].", "lambda^2 - 5*lambda - 2"),)),
    Intent(name="norm", asked=(r"(?:squared )?(?:{} |euclidean )?(?:norm|length|magnitude)(?: squared)? of (?:the )?(?:vector )?{v}",), words=COMMON, read=_norm, weight=1,
        examples=(("Find the norm of the vector [3; 4].", "5"),)),
    Intent(name="unit vector", asked=(r"unit vector (?:in the (?:same )?direction of|in the direction of|parallel to|along) (?:the )?(?:vector )?{m}",), words=COMMON + " same", read=_one("unit"), weight=2,
        examples=(("Find the unit vector in the direction of <3, 4>.", "[3/5; 4/5]"),)),
    Intent(name="inner product", asked=(r"(?:dot|inner|scalar) product(?: of (?:the )?(?:vectors )?{v} and {w})?",), words=COMMON, read=_two("dot"), weight=1,
        examples=(("Find the dot product of <1, 2> and <3, 4>.", "11"),)),
    Intent(name="cross product", asked=(r"(?:cross|vector) product(?: of (?:the )?(?:vectors )?{v} and {w})?",), words=COMMON, read=_two("cross"), weight=1,
        examples=(("Find the cross product of <1, 0, 0> and <0, 1, 0>.", "[0; 0; 1]"),)),
    Intent(name="cross product", asked=(r"(?:find|compute|calculate|evaluate|what is) {f}",), words=COMMON + " cross product", read=_times, weight=1),
    Intent(name="angle between vectors", asked=(r"angle between (?:the )?(?:vectors )?(?:{v} and {w})?",), words=COMMON + " degrees radians", read=_angle, weight=1,
        examples=(("Find the angle between the vectors <1, 0> and <0, 1>.", "pi/2"),)),
    Intent(name="projection", asked=(r"(?:orthogonal |vector )?projection of (?:the )?(?:vector )?{v} on(?:to)? (?:the )?(?:line spanned by (?:the )?)?(?:vector )?{w}",), words=COMMON, read=_two("projection"), weight=2,
        examples=(("Compute the orthogonal projection of [1; 2] onto the line spanned by the vector [1; 1].", "[3/2; 3/2]"),)),
    Intent(name="least squares", asked=(r"least[- ]squares? solution",), words=COMMON + " equation system solution linear", read=_least_squares, weight=2,
        examples=(("Find the least squares solution to the matrix equation [1,0;1,1;1,2]*x = [1;2;3].", "[1; 1]"),)),
    Intent(name="matrix equation", asked=(r"matrix equation", r"for what matrix {}", r"solve (?:the )?(?:system|equation|for)"), words=COMMON + " satisfied linear system equation solution", read=_matrix_equation, weight=1,
        examples=(("Solve the matrix equation [1,2;3,4]*x = [5;6].", "[-4; 9/2]"),)),
    Intent(name="coordinates in a basis", asked=(r"coordinates of (?:the )?(?:vector )?{v} (?:in|with respect to|relative to) the (?:following )?basis",), words=COMMON, read=_coordinates, weight=2,
        examples=(("What are the coordinates of the vector [3; 1] in the following basis? [1, 1], [1, -1]", "[2; 1]"),)),
    Intent(name="dimension of a span", asked=(r"dimension of the (?:sub)?space spanned by|dimension of the span",), words=COMMON + " spanned by", read=_all_vectors("span_dimension"), weight=2,
        examples=(("What is the dimension of the subspace spanned by the vectors [1, 0], [2, 0]?", "1"),)),
    Intent(name="linear independence", asked=(r"linearly (?:in)?dependent(?: or (?:in)?dependent| or linearly (?:in)?dependent)?",), words=COMMON + " whether linearly independent dependent determine or not set", read=_all_vectors("independent"), weight=1,
        examples=(("Are the vectors [1, 0], [2, 0] linearly independent?", "linearly dependent"),)),
    Intent(name="orthonormal basis", asked=(r"gram[-–]schmidt|orthonormal basis",), words=COMMON + " process basis space spanned span orthonormal gram-schmidt subspace apply", read=_all_vectors("gram_schmidt"), weight=1,
        examples=(("Find an orthonormal basis of the space spanned by the vectors [1, 1], [1, 0].", "[sqrt(2)/2; sqrt(2)/2], [sqrt(2)/2; -sqrt(2)/2]"),)),
    Intent(name="LU decomposition", asked=(rf"lu[- ](?:decomposition|factori[sz]ation){MATRIX}",), words=COMMON, read=_one("lu"), weight=1,
        examples=(("Find an LU decomposition of the matrix [1, 2; 3, 4].", "L = [1, 0; 3, 1], U = [1, 2; 0, -2]"),)),
    Intent(name="QR decomposition", asked=(rf"qr[- ](?:decomposition|factori[sz]ation){MATRIX}",), words=COMMON, read=_one("qr"), weight=1,
        examples=(("Find a QR decomposition of the matrix [0, 2; 1, 0].", "Q = [0, 1; 1, 0], R = [1, 0; 0, 2]"),)),
    Intent(name="diagonalisation", asked=(r"diagonali[sz]e(?: the)?(?: following)?(?: matrix)?(?: {m})?",), words=COMMON, read=_one("diagonalised"), weight=1,
        examples=(("Diagonalize the matrix [2, 0; 0, 3].", "P = [1, 0; 0, 1], D = [2, 0; 0, 3]"),)),
    Intent(name="letters of a matrix", asked=(r"matrix (?:is |be )?(?:symmetric|orthogonal|singular|not invertible)", r"matrix {m}? ?(?:is |be )?(?:symmetric|orthogonal|singular|not invertible)"), words=COMMON + " makes make symmetric orthogonal singular invertible numbers not have inverse", read=_fitting, weight=3,
        examples=(("For what value of a is the matrix [1, a; 2, 4] singular?", "2"),)),
    Intent(name="area of a parallelogram", asked=(r"area of the parallelogram (?:generated|spanned|formed|determined) by(?: the)?(?: vectors)?(?: {v} and {w})?",), words=COMMON, read=_two("area_of_parallelogram"), weight=2,
        examples=(("Find the area of the parallelogram spanned by the vectors <3, 0> and <1, 2>.", "6"),)),
    Intent(name="linear map", asked=(r"(?:find|compute|determine|what is) {f}",), words=COMMON, read=_linear_map, weight=2,
        examples=(("Let A be a matrix such that A*[1;0] = [2;1] and A*[0;1] = [0;3]. Find A*[1;1].", "[2; 4]"),)),
    Intent(name="value of a matrix expression", asked=(r"(?:find|compute|calculate|evaluate|determine|what is|simplify)(?: the)?(?: following)?(?: value of| expression| product| sum)* {f}",), words=COMMON + " product sum notation means inner transpose", read=_value, weight=2,
        examples=(("If A = [1, 2; 3, 4], compute A^2.", "[7, 10; 15, 22]"),)),
)  # fmt: skip
"""The rows."""
