"""Training neural modules: one loop for all of them, and what a module has to bring.

Read `experiment` first: a model with its stream of examples and its schedule is an experiment, and
what trained models are asked to do is a task. `loop` trains, `checkpoint` lets it go on where it
was interrupted, `initial` draws first weights from a seed, `files` keeps what was trained. Nothing
here is proved, and every result says so.

Glossary of axes: batch, time (places of a sequence), heads, entries (of a list), nodes, edges.
"""
