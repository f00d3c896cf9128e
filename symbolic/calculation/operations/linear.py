"""Operations of linear algebra: matrices, vectors, their equations and decompositions."""

from typing import Any, Final

from abduce.symbolic.calculation.algebra import vector
from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    MATRIX,
    WORD,
    Doubtful,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.untyped import sp


def square(m: Any) -> Any:
    """The matrix, which must be square."""
    if not isinstance(m, sp.MatrixBase) or m.rows != m.cols:
        raise Unanswered("The matrix is not square.")
    return m


def determinant(m: Any) -> Any:
    """The determinant."""
    return sp.simplify(square(m).det())


def inverse(m: Any) -> Any:
    """The inverse, if there is one."""
    if sp.simplify(square(m).det()) == 0:
        return "no inverse"
    return m.inv().applyfunc(sp.simplify)


def _inverse_check(m: Any, answer: Any) -> str | None:
    if isinstance(answer, str):
        return None
    if sp.simplify(m * answer - sp.eye(m.rows)) != sp.zeros(m.rows):
        raise Doubtful("the product with the inverse is not the unit matrix")
    return "the product with the matrix is the unit matrix"


def eigenvalues(m: Any) -> Any:
    """The eigenvalues, each once."""
    found = [sp.simplify(v) for v in square(m).eigenvals()]
    if any(v.has(sp.CRootOf) for v in found):
        raise Unanswered("The eigenvalues have no closed form.")
    ordered = sorted(found, key=lambda v: (sp.re(v).evalf(), sp.im(v).evalf()))
    return ordered[0] if len(ordered) == 1 else ordered


def _eigenvalues_check(m: Any, answer: Any) -> str | None:
    for each in answer if isinstance(answer, list) else [answer]:
        if sp.simplify((m - each * sp.eye(m.rows)).det()) != 0:
            raise Doubtful("an eigenvalue is no root of the characteristic polynomial")
    return "every eigenvalue is a root of the characteristic polynomial"


def eigenvectors(m: Any) -> Any:
    """An eigenvector for each eigenvalue, and its multiplicity of them."""
    found: dict[Any, Any] = {}
    for value, _, vectors in square(m).eigenvects():
        found[value] = vectors[0] if len(vectors) == 1 else list(vectors)
    return found


def eigenvalue_of(m: Any, v: Any) -> Any:
    """The eigenvalue of a given eigenvector."""
    column = vector(v)
    image = square(m) * column
    for k in range(column.rows):
        if column[k] != 0:
            scale = sp.simplify(image[k] / column[k])
            if (image - scale * column).applyfunc(sp.simplify) != sp.zeros(column.rows, 1):
                raise Unanswered("The vector is no eigenvector of the matrix.")
            return scale
    raise Unanswered("The vector is 0.")


def rank(m: Any) -> Any:
    """The rank."""
    return sp.Integer(m.rank())


def nullity(m: Any) -> Any:
    """The dimension of the null space."""
    return sp.Integer(m.cols - m.rank())


def null_space(m: Any) -> Any:
    """A basis of the null space."""
    found = m.nullspace()
    return list(found) if found else "only the zero vector"


def column_space(m: Any) -> Any:
    """A basis of the column space."""
    return list(m.columnspace())


def row_space(m: Any) -> Any:
    """A basis of the row space."""
    return list(m.rowspace())


def reduced(m: Any) -> Any:
    """The reduced row echelon form."""
    return m.rref()[0]


def trace(m: Any) -> Any:
    """The trace."""
    return sp.simplify(square(m).trace())


def transpose(m: Any) -> Any:
    """The transpose."""
    return m.T


def norm(v: Any, kind: str) -> Any:
    """The length of a vector, or its square, or another norm."""
    column = vector(v)
    if kind == "squared":
        return sp.simplify(column.dot(column))
    if kind == "1":
        return sum(sp.Abs(x) for x in column)
    if kind == "infinity":
        return sp.Max(*[sp.Abs(x) for x in column])
    return sp.simplify(sp.sqrt(column.dot(column)))


def unit(v: Any) -> Any:
    """The vector of length 1 in the same direction."""
    column = vector(v)
    return (column / column.norm()).applyfunc(sp.simplify)


def dot(v: Any, w: Any) -> Any:
    """The inner product."""
    one, two = vector(v), vector(w)
    if one.rows != two.rows:
        raise Unanswered("The vectors differ in length.")
    return sp.simplify(one.dot(two))


def cross(v: Any, w: Any) -> Any:
    """The cross product."""
    one, two = vector(v), vector(w)
    if one.rows != 3 or two.rows != 3:
        raise Unanswered("A cross product needs vectors of three entries.")
    return one.cross(two)


def angle(v: Any, w: Any, kind: str) -> Any:
    """The angle between vectors, in radians or degrees."""
    one, two = vector(v), vector(w)
    found = sp.acos(sp.simplify(one.dot(two) / (one.norm() * two.norm())))
    return sp.simplify(found * 180 / sp.pi) if kind == "degrees" else found


def projection(v: Any, w: Any) -> Any:
    """The orthogonal projection of v onto the line of w."""
    one, two = vector(v), vector(w)
    return (two * (one.dot(two) / two.dot(two))).applyfunc(sp.simplify)


def _projection_check(v: Any, w: Any, answer: Any) -> str | None:
    if sp.simplify((vector(v) - answer).dot(vector(w))) != 0:
        raise Doubtful("what is left is not orthogonal to the line")
    return "what is left is orthogonal to the line"


def least_squares(m: Any, b: Any) -> Any:
    """The solution of the normal equations."""
    column = vector(b)
    square_ = m.T * m
    if square_.det() == 0:
        raise Unanswered("The columns are dependent: there are many solutions.")
    return (square_.inv() * m.T * column).applyfunc(sp.simplify)


def solve_matrix(m: Any, b: Any, side: str) -> Any:
    """x with m x = b, or x m = b."""
    if side == "left":
        return solve_matrix(m.T, b.T, "right").T
    if m.rows != b.rows:
        raise Unanswered("The sizes of the matrices do not fit.")
    augmented, pivots = m.row_join(b).rref()
    if any(p >= m.cols for p in pivots):
        return "no solution"
    if len(pivots) < m.cols:
        raise Unanswered("There are infinitely many solutions.")
    return augmented[: m.cols, m.cols :]


def coordinates(v: Any, basis: Any) -> Any:
    """The coordinates of a vector in a basis."""
    columns = sp.Matrix.hstack(*[vector(b) for b in basis])
    return solve_matrix(columns, vector(v), "right")


def span_dimension(vectors: Any) -> Any:
    """The dimension of the span."""
    return sp.Integer(sp.Matrix.hstack(*[vector(v) for v in vectors]).rank())


def independent(vectors: Any) -> Any:
    """Whether vectors are linearly independent."""
    told = int(span_dimension(vectors)) == len(vectors)
    return "linearly independent" if told else "linearly dependent"


def lu(m: Any) -> Any:
    """L and U with exchanged rows P, so that P m = L U."""
    lower, upper, exchanged = m.LUdecomposition()
    order = sp.eye(m.rows)
    for a, b in exchanged:
        order = order.elementary_row_op("n<->m", row1=a, row2=b)
    if order * m != lower * upper:
        raise Doubtful("the product of the factors is not the matrix")
    if order == sp.eye(m.rows):
        return {sp.Symbol("L"): lower, sp.Symbol("U"): upper}
    return {sp.Symbol("P"): order, sp.Symbol("L"): lower, sp.Symbol("U"): upper}


def qr(m: Any) -> Any:
    """Q with orthonormal columns and R upper triangular, so that m = Q R."""
    q, r = m.QRdecomposition()
    if (q * r - m).applyfunc(sp.simplify) != sp.zeros(*m.shape):
        raise Doubtful("the product of the factors is not the matrix")
    return {sp.Symbol("Q"): q.applyfunc(sp.simplify), sp.Symbol("R"): r.applyfunc(sp.simplify)}


def diagonalised(m: Any) -> Any:
    """P and D, so that m = P D P^-1."""
    if not square(m).is_diagonalizable():
        return "not diagonalizable"
    p, d = m.diagonalize()
    if (p * d * p.inv() - m).applyfunc(sp.simplify) != sp.zeros(m.rows):
        raise Doubtful("the product of the factors is not the matrix")
    return {sp.Symbol("P"): p, sp.Symbol("D"): d}


def characteristic(m: Any) -> Any:
    """The characteristic polynomial in lambda."""
    return square(m).charpoly(sp.Symbol("lambda")).as_expr()


def gram_schmidt(vectors: Any) -> Any:
    """An orthonormal basis of the span."""
    return [v.applyfunc(sp.simplify) for v in sp.GramSchmidt([vector(v) for v in vectors], True)]


def fitting(m: Any, kind: str) -> Any:
    """The values of the letters in a matrix that make it symmetric, orthogonal or singular."""
    letters = sorted(m.free_symbols, key=str)
    if kind == "symmetric":
        conditions = [a for a in square(m) - m.T if a != 0]
    elif kind == "orthogonal":
        conditions = [a for a in square(m).T * m - sp.eye(m.rows) if a != 0]
    else:
        conditions = [square(m).det()]
    found = sp.solve(conditions, letters, dict=True)
    if kind == "orthogonal":
        found = [s for s in found if all(v.is_real for v in s.values())]
    if not found:
        raise Unanswered("No values make the matrix so.")
    if len(letters) == 1:
        values = [s[letters[0]] for s in found]
        return values[0] if len(values) == 1 else values
    return found[0] if len(found) == 1 else found


def in_null_space(m: Any, vectors: Any) -> Any:
    """Which vectors the matrix sends to 0."""
    found = [v for v in vectors if m * vector(v) == sp.zeros(m.rows, 1)]
    if not found:
        return "none of them"
    return found[0] if len(found) == 1 else found


def area_of_parallelogram(v: Any, w: Any) -> Any:
    """The area of the parallelogram that two vectors span."""
    one, two = vector(v), vector(w)
    if one.rows == 2:
        return sp.Abs(one[0] * two[1] - one[1] * two[0])
    return sp.simplify(one.cross(two).norm())


def linear_map(m: Any, images: Any, target: Any) -> Any:
    """The image of a vector under a linear map that is given on some vectors."""
    sources = sp.Matrix.hstack(*[vector(v) for v in m])
    targets = sp.Matrix.hstack(*[vector(v) for v in images])
    weights = solve_matrix(sources, vector(target), "right")
    if isinstance(weights, str):
        raise Unanswered("The vector is no combination of those that are given.")
    return targets * weights


def row(run: Any, about: str, arguments: tuple[str, ...] = (MATRIX,), result: str = ANSWER,
        check: Any = None) -> Operation:  # fmt: skip
    """A row of the table; most take one matrix."""
    return Operation(arguments=arguments, result=result, run=run, about=about, check=check)


TWO: Final = (MATRIX, MATRIX)
TABLE: Final = {
    "determinant": row(determinant, "The determinant of {0} is {answer}.", result=EXPRESSION),
    "inverse": row(inverse, "The inverse of {0} is {answer}.", check=_inverse_check),
    "eigenvalues": row(eigenvalues, "The eigenvalues of {0} are {answer}.",
        check=_eigenvalues_check),
    "eigenvectors": row(eigenvectors, "Eigenvectors of {0}, by eigenvalue: {answer}."),
    "eigenvalue_of": row(eigenvalue_of, "{0} stretches {1} by {answer}.", TWO),
    "rank": row(rank, "The rank of {0} is {answer}."),
    "nullity": row(nullity, "The dimension of the null space of {0} is {answer}."),
    "null_space": row(null_space, "A basis of the null space of {0} is {answer}."),
    "column_space": row(column_space, "A basis of the column space of {0} is {answer}."),
    "row_space": row(row_space, "A basis of the row space of {0} is {answer}."),
    "reduced": row(reduced, "The reduced row echelon form of {0} is {answer}."),
    "trace": row(trace, "The trace of {0} is {answer}."),
    "transpose": row(transpose, "The transpose of {0} is {answer}."),
    "norm": row(norm, "The length of {0} ({1}) is {answer}.", (MATRIX, WORD)),
    "unit": row(unit, "{0} divided by its length is {answer}."),
    "dot": row(dot, "The inner product of {0} and {1} is {answer}.", TWO),
    "cross": row(cross, "The cross product of {0} and {1} is {answer}.", TWO),
    "angle": row(angle, "The angle between {0} and {1} in {2} is {answer}.",
        (MATRIX, MATRIX, WORD)),
    "projection": row(projection, "The projection of {0} onto {1} is {answer}.", TWO,
        check=_projection_check),
    "least_squares": row(least_squares, "The least squares solution of {0} x = {1} is {answer}.",
        TWO),
    "solve_matrix": row(solve_matrix, "The solution is {answer}.", (MATRIX, MATRIX, WORD)),
    "coordinates": row(coordinates, "The coordinates of {0} are {answer}.", TWO),
    "span_dimension": row(span_dimension, "The span of {0} has dimension {answer}."),
    "independent": row(independent, "The vectors {0} are {answer}."),
    "lu": row(lu, "{0} = {answer}."),
    "qr": row(qr, "{0} = Q R with {answer}."),
    "diagonalised": row(diagonalised, "{0} = P D P^-1 with {answer}."),
    "characteristic": row(characteristic, "The characteristic polynomial of {0} is {answer}."),
    "gram_schmidt": row(gram_schmidt, "An orthonormal basis is {answer}."),
    "fitting": row(fitting, "{0} is {1} for {answer}.", (MATRIX, WORD)),
    "in_null_space": row(in_null_space, "{0} sends to 0: {answer}.", TWO),
    "area_of_parallelogram": row(area_of_parallelogram, "The area is {answer}.", TWO),
    "linear_map": row(linear_map, "The image of {2} is {answer}.", (MATRIX, MATRIX, MATRIX)),
}  # fmt: skip
"""Operations by name."""
