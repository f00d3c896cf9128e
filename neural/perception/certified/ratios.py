"""How likely each symbol can become beside the one that is read, from bounds on logits.

What is seen of an image is a mean of softmaxes, one for each look, mixed with the usual shares of
the symbols (see ``seeing.seen`` and ``seeing.doubted``):

    p(w) = (1 - misread) mean over k of s_k(w)  +  misread usual(w)

With m_k(w) a lower bound on the logit of the symbol r that is read less that of w at look k,

    s_k(w) <= 1 / (1 + exp m_k(w)),     s_k(r) >= 1 / sum over w of exp(-m_k(w)),

and p(w) / p(r) is at most the quotient of the sums, and at most the largest of the quotients of
the terms (the mediant inequality), whichever is less.
"""

from dataclasses import dataclass

import numpy as np

ROOM = 1 + 1e-9
"""A factor on every limit, for the rounding of the few sums here."""


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """What may be seen at one position.

    Attributes:
        most: [symbols], upper limits on p(w) / p(r); 1 for r itself.
        least: a lower limit on p(r).
    """

    most: np.ndarray
    least: float


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def ratios(margins: np.ndarray, symbol: int, usual: np.ndarray, misread: float) -> Ratios:
    """Limits that hold for every image in the boxes.

    Args:
        margins: [looks, symbols], lower bounds on the logit of the symbol less that of each.
        symbol: the number of the symbol that is read.
        usual: [symbols], the share of each symbol among images of sentences.
        misread: the probability that what is seen says nothing.
    """
    other = np.arange(margins.shape[1]) != symbol
    alone = np.where(other, np.exp(-margins), 1.0)  # on s_k(w) / s_k(r)
    most = (1 / (1 + np.exp(margins))).mean(0)
    least = (1 - misread) * float((1 / alone.sum(1)).mean()) + misread * float(usual[symbol])
    sums = ((1 - misread) * most + misread * usual) / least
    terms = alone.max(0)
    if misread > 0.0:
        shares = np.where(usual > 0.0, usual / usual[symbol], 0.0)
        terms = np.maximum(terms, shares)
    found = np.minimum(np.where(np.isnan(sums), np.inf, sums), terms) * ROOM
    return Ratios(np.where(other, found, 1.0), least / ROOM)
