"""Machines of graphs: searches, shortest paths, spanning trees, and values of decision processes.

Reading order: `edges`, `processes`, `edge_lists`, `node_link`, `graphs`, `fixed_points`,
`graph_machine`, `graph_jobs`, `process_jobs`.
"""
