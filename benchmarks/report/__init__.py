"""Reports: every kind of record as tables and as one HTML page.

Reading order: `page`, `report`.
"""
