"""Certified answers: whether small changes of the pixels can change the answer of a sentence.

The network's logits are bounded over every image in a ball; from them follows how likely each
symbol can become beside the one that is read; and an exact chart of the lexicon says whether the
answer can change.

Reading order: `settings`; `margins` (bounds on logits), `ratios` (how likely a symbol can become);
`places` (what may be read), `weighing` (the chart), `composing` (whether the answer can change);
`attacking` (images that change it), `certifying` (the verdict).

Glossary of axes: looks (the image and its distorted copies), positions, symbols, boxes, pixels.
"""
