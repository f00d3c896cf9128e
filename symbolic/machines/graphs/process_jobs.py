"""Jobs whose answer is the fixed point of a learned layer."""

from abduce.symbolic.machines.graphs.fixed_points import fixed_point, shortest_paths
from abduce.symbolic.machines.graphs.graph_jobs import GraphOptions, check_cycles, source_of
from abduce.symbolic.machines.graphs.graphs import read_graph
from abduce.symbolic.machines.graphs.processes import read_process
from abduce.symbolic.machines.jobs import (
    Kernels,
    MachineAnswer,
    MachineJob,
    NoOptions,
    RunContext,
)
from abduce.symbolic.machines.lists.numbers import decimal


def _iterate(text: str, kernels: Kernels, _: NoOptions, context: RunContext) -> MachineAnswer:
    process = read_process(text, context.path)
    found = fixed_point(process, kernels["value-iteration"], note=context.note)
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
        f"in {best:,} of {len(rows):,} states the best action is certain to be unique"
    )
    return MachineAnswer(
        lines=lines,
        value={"error_bound": found.bound, "states": rows},
        steps={"sweeps": found.sweeps},
    )


def _paths(
    text: str, kernels: Kernels, options: GraphOptions, context: RunContext
) -> MachineAnswer:
    graph = read_graph(text, context.path, weighted=True, directed=options.directed)
    source = source_of(graph, options.source, context.path)
    found = shortest_paths(graph, source, kernels["shortest-path"], note=context.note)
    reached = [d is not None for d in found.distances]
    check_cycles(graph, reached, found.ended, context.path)
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
    return MachineAnswer(
        lines=["node  parent  distance", *lines], value=rows, steps={"sweeps": found.sweeps}
    )


PROCESS_JOBS = (
    MachineJob(
        name="value-iteration",
        about="the optimal values of a Markov decision process, with a certified error bound",
        kernels=("value-iteration",),
        run=_iterate,
        controllers={},
    ),
    MachineJob(
        name="shortest-path",
        about="shortest paths from --source, computed as a fixed point; weights of any sign",
        kernels=("shortest-path",),
        run=_paths,
        controllers={},
        options=GraphOptions,
    ),
)
