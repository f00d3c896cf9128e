"""What the arithmetic of a stream of bits is, said in numbers.

Numbers are words of bits, the lowest first. A symbol holds one bit of each operand, operand i as
bit i of the symbol. The residual is the information that the bits so far leave for those to come:
the carry, or which of two numbers is larger so far. Each step is one line of arithmetic that keeps
an equation true; over n steps it says what the whole word means. For the sum: with a, b, s the
numbers in the first n bits and c the carry, ``a + b = s + c * 2**n``; a step preserves it, since
``a_n + b_n + c = s_n + 2 * c'``.
"""

from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType

from abduce.symbolic.programs.streams import StreamSpecification

LESS, EQUAL, GREATER = 0, 1, 2


def _sums(total: Callable[[int, int], int]) -> Callable[[Hashable, int], tuple[int, Hashable]]:
    """The step of a sum: the total of a place is its bit and twice what is carried."""

    def step(carry: Hashable, symbol: int) -> tuple[int, Hashable]:
        assert isinstance(carry, int)
        here = total(symbol, carry)
        return here % 2, here // 2

    return step


def _compare(order: Hashable, symbol: int) -> tuple[int, Hashable]:
    a, b = symbol & 1, symbol >> 1
    after = order if a == b else LESS if a < b else GREATER
    assert isinstance(after, int)
    return after, after


COMPARE = StreamSpecification(
    "after each bit, whether the first number so far is less (0), equal (1) or greater (2)",
    4,
    EQUAL,
    _compare,
)
ADD = StreamSpecification(
    "the bits of a + b", 4, 0, _sums(lambda symbol, carry: (symbol & 1) + (symbol >> 1) + carry)
)
SUBTRACT = StreamSpecification(
    "the bits of a - b, in two's complement",
    4,
    0,
    _sums(lambda symbol, carry: (symbol & 1) - (symbol >> 1) + carry),
)
INCREMENT = StreamSpecification(
    "the bits of a + 1", 2, 1, _sums(lambda symbol, carry: symbol + carry)
)
DECREMENT = StreamSpecification(
    "the bits of a - 1, in two's complement", 2, -1, _sums(lambda symbol, carry: symbol + carry)
)
MULTIPLY_STEP = StreamSpecification(
    "the bits of r + m * a, where m is 0 or 1 at each place",
    8,
    0,
    _sums(lambda symbol, carry: (symbol & 1) + (symbol >> 1 & 1) * (symbol >> 2) + carry),
)

STREAMS: Mapping[str, StreamSpecification] = MappingProxyType(
    {
        "compare": COMPARE,
        "add": ADD,
        "subtract": SUBTRACT,
        "increment": INCREMENT,
        "decrement": DECREMENT,
        "multiply-step": MULTIPLY_STEP,
    }
)
"""The specifications, by the name of the kernel."""
