"""Reports: every kind of record as tables and as one HTML page.

Reading order: `section`, what a report asks of one kind; `sections`, all kinds; `page`, `report`.
"""
