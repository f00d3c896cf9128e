"""Perception: images to symbols, learned from the values of sentences alone.

A small convolutional network gives every image a probability of each symbol. What it should have
seen follows from the value of the whole sentence: the posterior of each position, which the chart
of `abduce.symbolic.nsr.deduction.charts` computes exactly. That posterior is what it is trained
towards.

Reading order: `config`, `network`, `distorting`, `enclosing` (intervals over balls of pixels),
`rows`, `teaching` (what a sentence teaches), `learning`, `naming` (perception given), `seeing`;
then `files` (what was learned, as files), `images` (those of a person) and `reading` (what they
say).
`certified` says whether small changes of the pixels can change an answer.

Glossary of axes: batch, height, width, symbols.
"""
