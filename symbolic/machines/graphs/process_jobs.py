"""Jobs whose answer is the fixed point of a learned layer."""

from abduce.symbolic.machines.graphs.fixed_points import fixed_point, shortest_paths
from abduce.symbolic.machines.graphs.graph_jobs import check_cycles, source_of
from abduce.symbolic.machines.graphs.graphs import read_graph
from abduce.symbolic.machines.graphs.processes import read_process
from abduce.symbolic.machines.jobs import Answer, Job, Request
from abduce.symbolic.machines.lists.numbers import decimal


def _iterate(request: Request) -> Answer:
    process = read_process(request.text, request.path)
    found = fixed_point(process, request.kernels["value-iteration"], note=request.note)
    rows = [
        {
            "state": state,
            "value": value,
            "action": process.actions[choice],
            "only_best": certain,
        }
        for state, value, choice, certain in zip(
            process.states,
            found.values.tolist(),
            found.choices.tolist(),
            found.certain.tolist(),
            strict=True,
        )
    ]
    lines = ["state  value  action"]
    lines += [f"{row['state']}  {row['value']:.12g}  {row['action']}" for row in rows]
    best = int(found.certain.sum())
    lines.append(
        f"# every value is within {found.bound:.2g} of the true one; "
        f"the action is the only best one, for certain, in {best:,} of {len(rows):,} states"
    )
    return Answer(
        lines=lines,
        value={"error_bound": found.bound, "states": rows},
        steps={"sweeps": found.sweeps},
    )


def _paths(request: Request) -> Answer:
    graph = read_graph(request.text, request.path, weighted=True, directed=request.directed)
    source = source_of(graph, request)
    found = shortest_paths(graph, source, request.kernels["shortest-path"], note=request.note)
    check_cycles(graph, [d is not None for d in found.distances], found.ended, request)
    rows = [
        {
            "node": name,
            "parent": graph.names[parent] if parent >= 0 else None,
            "distance": None if distance is None else decimal(distance, graph.places),
        }
        for name, parent, distance in zip(
            graph.names, found.parents.tolist(), found.distances, strict=True
        )
    ]
    lines = ["  ".join("-" if value is None else value for value in row.values()) for row in rows]
    return Answer(
        lines=["node  parent  distance", *lines], value=rows, steps={"sweeps": found.sweeps}
    )


PROCESS_JOBS = (
    Job(
        name="value-iteration",
        about="the optimal values of a Markov decision process, with a certified error bound",
        kernels=("value-iteration",),
        run=_iterate,
        controllers={},
    ),
    Job(
        name="shortest-path",
        about="shortest paths from --source as a fixed point; weights of any sign",
        kernels=("shortest-path",),
        run=_paths,
        controllers={},
        options=("source", "directed"),
    ),
)
