"""How a lexicon is shown: the tree of a derivation, as text, as SVG, and in a notebook.

Reading order: `derivation`, `derivation_svg`, `lexicon_html`.
"""
