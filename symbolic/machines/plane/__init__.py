"""Machines of the plane: convex hulls, Delaunay triangulations, tours.

Reading order: `pairs_seen`, `points`, `triangulation`, `plane`, `pointing`, `tour_search`,
`delaunay`, `hull`, `touring`, `geometry_jobs`.
"""
