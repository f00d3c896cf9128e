"""Two SQL queries: proved equal, refuted by a database, equal up to a bound, or unknown.

What SQLite does is what counts. Nothing is proved of a query with a part that is not understood.

Reading order: `query`, the trees; `walking` over them; `text`, from text to trees and back;
`verdict` and `verdict_json`, what may be said; `refuting`, the search for a difference;
`comparing`, which puts them together.
"""
