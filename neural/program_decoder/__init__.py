"""A decoder that writes trees of a grammar: every answer parses, type-checks and can be run.

A question is a text, a grammar, and rows: pieces of the text that rules of the grammar may point
to. A pretrained encoder reads the text. The decoder grows a tree in preorder; at each node it
chooses among the rules that the grammar allows there, and nothing else. Nothing here knows a task.

Reading order: `config`, `question` (what is asked, and examples), `steps` (a tree as a row of
choices); `encoder` (pretrained weights), `splitting` of it into a frozen and a trained part,
`reading` (a text as tokens and states); `attention`, `model` (the network), `batches`, `dividing`
(examples kept apart), `experiment` (how it is trained); `searching` (a beam of trees) and
`guidance` (trees by their values); `files`.

Glossary of axes: batch, time (tokens of the text), rows, marks, steps (nodes of a tree), choices
(fixed rules, then rows), width.
"""
