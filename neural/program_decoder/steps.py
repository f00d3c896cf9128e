"""A tree as a row of choices, one a node in preorder, with what each node sees of the others.

The same object grows in the beam of a search and along a known tree in training, so both see the
same numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from abduce.grammars.grammar import Rule, Tree
from abduce.grammars.partial import PartialTree, mask_rules
from abduce.neural.program_decoder.question import Question, Vocabulary

START, PARENT, ANCESTOR, SIBLING, OTHER = range(5)
"""What an earlier node is to a node; `START` is the beginning, before the root."""
RELATIONS: Final = 5
DEPTHS: Final = 16
"""The number of depths, and of places among children, that the network tells apart."""

Place = tuple[int, int, int]
"""A node: the step of its parent (-1 at the root), its place among the children, its depth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """A partial tree with the choices that made it.

    Attributes:
        choices: the number of the rule of each node that has one.
        nodes: each of these nodes, and the open node after them, if there is one.
    """

    question: Question
    vocabulary: Vocabulary
    partial: PartialTree
    choices: tuple[int, ...] = ()
    nodes: tuple[Place, ...] = ((-1, 0, 0),)
    _open: tuple[Place, ...] = ()

    @classmethod
    def begin(cls, question: Question, vocabulary: Vocabulary) -> "Steps":
        """Nothing but an open root."""
        partial = question.begin or mask_rules(
            question.grammar, max_nodes=question.max_nodes, max_depth=question.max_depth
        )
        return cls(question=question, vocabulary=vocabulary, partial=partial)

    @property
    def finished(self) -> bool:
        return self.partial.finished

    def allowed(self) -> dict[int, Rule]:
        """The rules that the grammar allows at the open node, by their numbers."""
        return {
            self.vocabulary.choice(rule.name, self.question): rule
            for rule in self.partial.allowed()
        }

    def advance(self, rule: Rule) -> "Steps":
        """The tree with its open node expanded by the rule.

        Raises:
            InputError: the rule is not allowed there, or is no action of the vocabulary.
        """
        step, depth = len(self.choices), self.nodes[-1][2]
        children = [(step, place, depth + 1) for place in range(len(rule.args))]
        waiting = (*children, *self._open)
        return Steps(
            question=self.question,
            vocabulary=self.vocabulary,
            partial=self.partial.advance(rule.name),
            choices=(*self.choices, self.vocabulary.choice(rule.name, self.question)),
            nodes=(*self.nodes, *waiting[:1]),
            _open=waiting[1:],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answered:
    """A whole tree as arrays, for training.

    Attributes:
        choices: [steps], the number of each node's rule.
        allowed: for each step, the numbers of the rules that were allowed.
        nodes: [steps, 3], the parent, the place and the depth.
        relations: [steps, steps], what each earlier node is to a node; see `relations`.
    """

    choices: np.ndarray
    allowed: tuple[tuple[int, ...], ...]
    nodes: np.ndarray
    relations: np.ndarray


def answered(question: Question, tree: Tree, vocabulary: Vocabulary) -> Answered:
    """The steps to a tree.

    Raises:
        InputError: the tree is none of the question's grammar within its limits.
    """
    at = Steps.begin(question, vocabulary)
    allowed: list[tuple[int, ...]] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        allowed.append(tuple(at.allowed()))
        sort, _ = at.partial.open_node
        at = at.advance(question.grammar.rule(sort, node[0]))
        todo += node[:0:-1]
    nodes = at.nodes[: len(at.choices)]
    return Answered(
        choices=np.array(at.choices, np.int64),
        allowed=tuple(allowed),
        nodes=np.array(nodes, np.int64),
        relations=relations(nodes),
    )


def relations(nodes: tuple[Place, ...]) -> np.ndarray:
    """[steps, steps]: entry (t, s) says what node s - 1 is to node t; s = 0 is the beginning.

    The decoder's input at step s carries the choice of node s - 1.

    >>> relations(((-1, 0, 0), (0, 0, 1), (0, 1, 1))).tolist()
    [[0, 4, 4], [0, 1, 4], [0, 1, 3]]
    """
    found = np.full((len(nodes), len(nodes)), OTHER, np.int64)
    found[:, 0] = START
    for step, (parent, _, _) in enumerate(nodes):
        for before in range(1, step + 1):
            if nodes[before - 1][0] == parent:
                found[step, before] = SIBLING
        above = nodes[parent][0] if parent >= 0 else -1
        while above >= 0:
            found[step, above + 1] = ANCESTOR
            above = nodes[above][0]
        if parent >= 0:
            found[step, parent + 1] = PARENT
    return found
