"""What reports are made with, whatever they report: numbers as text, tables, figures, HTML.

Reading order: `numbers`, `tables`, `figures` (what all figures share), `html`.
"""
