"""Readers of machines: what was written is what is read, in every notation, or is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.neural.kernels.jobs import JOBS, kernels_at
from abduce.symbolic.machines.graphs.graphs import Graph, read_graph
from abduce.symbolic.machines.graphs.processes import read_process
from abduce.symbolic.machines.jobs import MachineAnswer, RunContext
from abduce.symbolic.machines.lists.numbers import MAX_ALL, digits, read_numbers, read_whole
from abduce.symbolic.machines.plane.points import read_points
from abduce.symbolic.machines.words.words import read_bits
from abduce.text import INVISIBLE

ANYTHING = st.text(
    st.sampled_from([*"ab12-.,;:>#\"'{}[]()|=/ \t\n\r", "\xa0", "\u200b", "\x1b", "→", "é"]),
    max_size=24,
)
PIECES = st.lists(
    st.sampled_from(
        ["a b 2", "a,b,1", "a->b", "c", "a-b", "1", "2 1", "-1", "1e999", "nan", "Infinity", "1/3",
         "9" * 5000, "discount 0.9", "a go a 1 1e999", "a go a 1 2", "source,target,weight", "\n",
         '{"edges":[["a","b",3]]}', '{"nodes":[{"id":1}],', '"links":[', "]}", "[", "{", '"',
         "0110", "(123)", "21", "0 0", "1 1", "\x00", "\ufeff", "  ", ",", ";", "# "]
    ),
    max_size=10,
).map(" ".join)  # fmt: skip


def run(task: str, text: str, **options: Any) -> MachineAnswer:
    job = JOBS[task]
    method = job.method(None, "L0")
    kernels, _ = kernels_at("L0", job.needs(method, "L0"), Path())
    context = RunContext(path="<t>", method=method)
    return job.run(text, kernels, job.options(**options), context)


@pytest.mark.parametrize("task", [name for name in JOBS if name not in ("lambda", "tsp")])
@settings(max_examples=25)
@given(st.one_of(ANYTHING, PIECES))
def test_whatever_is_handed_over_is_answered_or_refused_in_clear_words(
    task: str, text: str
) -> None:
    try:
        answer = run(task, text, **({"find": "1"} if task == "search" else {}))
    except InputError as error:
        said = str(error)
        assert len(said) < 2000
        assert not INVISIBLE.search(said)
    else:
        json.dumps(answer.value, allow_nan=False)


# graphs

NAMES = st.sampled_from(["a", "b", "c", "x1", "é", "7", "12", "node_2", "New.York"])
QUOTED = st.sampled_from(["a-b", "New York", "a,b", "->", 'say "a"', "{", "1"])
WEIGHTS = st.integers(0, 99).map(str) | st.sampled_from(["0.5", "1e3", "2.25", "1e-3"])


@dataclass(frozen=True)
class Drawn:
    """Edges as they are meant, lone nodes, and whether edges lead one way."""

    edges: list[tuple[str, str, str]]
    lone: list[str]
    directed: bool

    def text(self, notation: str) -> str:
        if notation == "node-link":
            return self.node_link("links")
        if notation == "edges":
            return json.dumps({"edges": [[u, v, json.loads(w)] for u, v, w in self.edges]})
        header, form = {
            "blanks": ("", "{} {} {}"),
            "commas": ("", "{},{},{}"),
            "semicolons": ("", "{} ; {};{}"),
            "csv": ("source,target,weight\n", "{},{},{}"),
            "words": ("from to cost\n", "{}\t{}  {}"),
            "arrows": ("", "{} -> {} {}"),
            "tight": ("", "{}->{},{}"),
        }[notation]
        rows = [form.format(_word(u), _word(v), w) for u, v, w in self.edges]
        return header + "".join(f"{row}\n" for row in [*rows, *map(_word, self.lone)])

    def node_link(self, key: str) -> str:
        graph = {
            "directed": self.directed,
            "multigraph": True,
            "graph": {},
            "nodes": [{"id": name} for name in dict.fromkeys(self.names)],
            key: [{"source": u, "target": v, "weight": json.loads(w)} for u, v, w in self.edges],
        }
        return json.dumps(graph, indent=1)

    @property
    def names(self) -> list[str]:
        return [*(end for edge in self.edges for end in edge[:2]), *self.lone]


def _word(name: str) -> str:
    plain = name.replace("_", "").replace(".", "").isalnum()
    return name if plain else '"' + name.replace('"', '""') + '"'


@st.composite
def drawings(draw: st.DrawFn) -> Drawn:
    name = st.one_of(NAMES, QUOTED)
    edges = draw(st.lists(st.tuples(name, name, WEIGHTS), min_size=1, max_size=8))
    return Drawn(edges, draw(st.lists(name, max_size=2)), draw(st.booleans()))


def edges_of(graph: Graph) -> list[tuple[str, str, Fraction]]:
    unit = Fraction(1, 10**graph.places)
    found = [
        (graph.names[u], graph.names[int(graph.target[edge])], graph.weights[edge] * unit)
        for u in range(len(graph))
        for edge in graph.edges_of(u)
    ]
    return sorted([*found, *((graph.names[u], graph.names[u], w * unit) for u, w in graph.loops)])


@pytest.mark.parametrize(
    "notation",
    ["blanks", "commas", "semicolons", "csv", "words", "arrows", "tight", "node-link", "edges"],
)
@settings(max_examples=60)
@given(drawings(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_graph_is_the_same_in_every_notation(notation: str, drawn: Drawn, end: str) -> None:
    one_way = drawn.directed or notation in ("arrows", "tight")
    flag = drawn.directed or (one_way and notation != "edges")
    text = drawn.text(notation).replace("\n", end)
    graph = read_graph(text, weighted=True, directed=flag)
    expected = [(u, v, Fraction(w)) for u, v, w in drawn.edges]
    if not one_way:
        expected += [(v, u, w) for u, v, w in expected if u != v]
    assert edges_of(graph) == sorted(expected)
    names = [name for edge in drawn.edges for name in edge[:2]]
    assert set(graph.names) == set(names if notation == "edges" else drawn.names)
    plain = read_graph(text, weighted=False, directed=flag)
    assert plain.names == graph.names


@pytest.mark.parametrize("graph", [networkx.Graph(), networkx.DiGraph()])
def test_what_networkx_writes_is_read(graph: Any) -> None:
    graph.add_weighted_edges_from([(0, 1, 4), (1, 2, 2.5), (0, 2, 9)])
    graph.add_node(10)
    for key in ("links", "edges"):
        text = json.dumps(networkx.node_link_data(graph, edges=key))
        directed = graph.is_directed()
        read = read_graph(text, weighted=True, directed=directed)
        assert read.names == ("0", "1", "2", "10")
        assert len(edges_of(read)) == (3 if directed else 6)
        rows = run("dijkstra", text, source="0", directed=directed).value
        lengths = networkx.single_source_dijkstra_path_length(graph, 0)
        assert {row["node"]: row["distance"] for row in rows} == {
            str(n): f"{lengths[n]:g}" if n in lengths else None for n in graph
        }
    lines = "\n".join(f"{u} {v} {w}" for u, v, w in graph.edges(data="weight"))
    assert len(edges_of(read_graph(lines, weighted=True, directed=True))) == 3


NOT_EDGES = (
    "a-b", "a:b", "a/b", "a~b", "a&b", "a--b", "a-->b", "a=>b", "a<-b", "a<->b", "a|b", "a|b|3",
    "(a,b)", "[a,b]", "{a,b}", "a=b", "'a','b'", "a - b", "a : b", "1 - 2", "1 -- 2", "1 to 2",
    "1: 2 3", "a,b,", ",a,b", "a,,1", "a;;b", "graph {", "a b {}", "a b {'weight': 3}", 
    "*Vertices 3",
    "a \u2014 b", "a\u2013b", "a\uff0cb", "a\u3001b", "a -> b -> c", "-> b", "a ->", '"a""b', '"a',
    '""', '" a"', "<graph>", "p edge 3 2", "a b c d", "a b x", "a-b 3", "n\xa0m",
    "a\u200bb", "\ufeffa\ufeff",
    "a -> b\nb c", "a b nan", "a b inf", "a b 1e999999", "a b 0x10", "a b 1,5",
)  # fmt: skip
NO_GRAPHS = (
    "{", "[", "{}", "[1]", '[["a"]]', '[["a","b"],]', '{"edges": 3}', '{"edges": [["a","b",NaN]]}',
    '{"edges": [["a","b",Infinity]]}', '{"edges": [["a","b","3"]]}', '{"edges": [["a","b",true]]}',
    '{"edges": [[1.5,"b"]]}', '{"edges": [[null,"b"]]}', '{"edges": [["","b"]]}', '{"a": {"b": 3}}',
    '{"edges": [["a\\u00a0","b"]]}', '{"edges": [["1", 2], [1, 2]]}', '{"edges": [], "links": []}',
    '{"nodes": [{"name": "a"}], "links": []}', '{"nodes": ["a", "a"], "links": []}',
    '{"nodes": ["a"], "links": [["a","b"]]}', '{"links": [{"source": "a"}]}', '{"edges": []} x',
    '{"directed": "yes", "edges": []}', '{"edges": [{"source":1,"source":2,"target":3}]}',
    '{"elements": {"nodes": []}}', "[" * 100_000, '[["\\ud800","b"]]',
    '{"edges":[["a","b",1e9999999]]}',
)  # fmt: skip


@pytest.mark.parametrize("text", [*NOT_EDGES, *NO_GRAPHS])
def test_what_is_no_graph_is_refused_where_it_stands(text: str) -> None:
    for task in ("bfs", "dfs", "shortest-path"):
        with pytest.raises(InputError) as caught:
            run(task, text)
        assert caught.value.line is not None
        assert not INVISIBLE.search(str(caught.value))


@given(st.sampled_from(["a-b", "a/b", "x:y", "1-2", "New-York"]))
def test_a_name_that_could_be_an_edge_stands_in_quotes_or_beside_another(name: str) -> None:
    assert read_graph(f'"{name}"', weighted=True, directed=False).names == (name,)
    graph = read_graph(f"{name} other 3", weighted=True, directed=False)
    assert graph.names == (name, "other")


MATRICES = [
    "0 1 0\n1 0 1\n0 1 0",
    "0,5,0\n5,0,7\n0,7,0\n",
    "0 1 0\n0 0 1\n0 0 0",
    "0\t2\t1\n2\t0.0\t3\n1\t3\t0",
]


@pytest.mark.parametrize("text", MATRICES)
def test_a_matrix_of_three_rows_is_no_list_of_edges_unless_its_columns_have_names(
    text: str,
) -> None:
    with pytest.raises(InputError, match="found a matrix"):
        run("bfs", text)
    assert run("bfs", "source target weight\n" + text).value
    assert run("bfs", text + "\n7 8 1").value


@pytest.mark.parametrize(
    "text", ["0 1 5\n1 2 0\n2 0 3", "0 1 2\n1 2 3\n2 3 4", "a b 0\nb a 1\na c 0"]
)
def test_three_edges_are_no_matrix(text: str) -> None:
    assert run("bfs", text).value


def test_a_first_line_of_column_names_is_no_edge_but_an_edge_of_such_nodes_is() -> None:
    def names(text: str) -> tuple[str, ...]:
        return read_graph(text, weighted=False, directed=False).names

    assert names("source,target\na,b") == ("a", "b")
    assert names("from to\n1 2\n2 3") == ("1", "2", "3")
    assert names("u v\n1 2") == ("1", "2")
    assert names("u v\nv w") == ("u", "v", "w")
    assert names("u v\nx y") == ("u", "v", "x", "y")
    assert names("source a\nsource b\na target") == ("source", "a", "b", "target")
    swapped = read_graph("weight,target,source\n3,a,b", weighted=True, directed=True)
    assert edges_of(swapped) == [("b", "a", 3)]
    with pytest.raises(InputError, match=r"source, target, weight"):
        names("city,town,km\na,b,1")


@pytest.mark.parametrize(
    "text", ["a -> b\nc -> b", '{"directed": true, "edges": [["a","b"],["c","b"]]}']
)
def test_a_text_that_says_so_has_edges_that_lead_one_way(text: str) -> None:
    hops = {row["node"]: row["hops"] for row in run("bfs", text).value}
    assert hops == {"a": "0", "b": "1", "c": None}
    with pytest.raises(InputError, match="--directed"):
        run("bfs", '{"directed": false, "edges": [["a","b"]]}', directed=True)


@pytest.mark.parametrize("task", ["bellman-ford", "shortest-path"])
@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(-1, 5)), min_size=1, max_size=9
    )
)
def test_loops_and_parallel_edges_are_what_networkx_says(
    task: str, edges: list[tuple[int, int, int]]
) -> None:
    text = "\n".join(f"{u} {v} {w}" for u, v, w in edges)
    graph = networkx.MultiDiGraph()
    graph.add_weighted_edges_from(edges)
    source = min(graph)
    try:
        expected = networkx.single_source_bellman_ford_path_length(graph, source)
    except networkx.NetworkXUnbounded:
        with pytest.raises(InputError, match="a cycle of negative weight"):
            run(task, text, directed=True)
        return
    found = run(task, text, directed=True).value
    assert {int(r["node"]): int(r["distance"]) for r in found if r["distance"]} == expected


def test_a_loop_of_negative_weight_is_named_and_only_where_it_is_reached() -> None:
    for task in ("bellman-ford", "shortest-path"):
        with pytest.raises(InputError, match="the edge of weight -1 from 'a' to itself"):
            run(task, "a a -1\na b 2")
        rows = run(task, "b b -1\na c 2", source="a").value
        assert [row["distance"] for row in rows] == [None, "0", "2"]
        assert run(task, "a a 1\na b 2").value[1]["distance"] == "2"
    for text in ("a a -1\na b 2", "a b -1", "a b 1\na b -0.5"):
        with pytest.raises(InputError, match=r"<t>:\d:5: found the weight -"):
            run("dijkstra", text)
    assert run("prim", "a a -1\na b 2").value[1] == {"node": "b", "parent": "a", "weight": "2"}
    assert run("dijkstra", "a b -0").value[1]["distance"] == "0"


def test_names_of_any_length_are_ordered_as_numbers() -> None:
    long = "9" * 5000
    graph = read_graph(f"{long} 2\n10 1{long}", weighted=False, directed=False)
    assert graph.names == ("2", "10", long, f"1{long}")
    with pytest.raises(InputError) as caught:
        run("bfs", f"{long} 1", source="3" * 5000)
    assert len(str(caught.value)) < 500


# numbers, points, processes, words

NUMBER = st.from_regex(
    r"[+-]?(0|[1-9][0-9]{0,30}|[1-9]_[0-9])(\.[0-9]{0,9})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
)
SEPARATOR = st.sampled_from([" ", ", ", ";", "\n", "\r\n", "\t", " ,\n"])


@given(st.lists(st.tuples(NUMBER, SEPARATOR), max_size=8))
def test_numbers_are_what_was_written(drawn: list[tuple[str, str]]) -> None:
    numbers = read_numbers("".join(word + separator for word, separator in drawn))
    assert numbers.texts == tuple(word for word, _ in drawn)
    unit = Fraction(1, 10**numbers.places)
    assert [value * unit for value in numbers.values] == [Fraction(word) for word, _ in drawn]


@pytest.mark.parametrize(
    "text", ["3,5 1,2", "3,5;1,2", "1,000", "12,034,000", "7\n1,5 2", "0,5; 1", "1,2 # a\n3,4 5"]
)
@pytest.mark.parametrize("task", ["sort", "hull", "bfs"])
def test_a_comma_that_may_be_one_within_a_number_is_no_separator(task: str, text: str) -> None:
    with pytest.raises(InputError, match=r"a comma that may be part|expected two numbers"):
        run(task, text)


@pytest.mark.parametrize("text", ["3,5", "3, 5", "3 ,5 ", "3;5", "3; 5", "3 5", "3\t5", "\t3,5\n"])
def test_fields_stand_apart_by_one_kind_of_separator(text: str) -> None:
    assert read_numbers(text).values == (3, 5)
    assert read_numbers("100,200,1.5,001").texts == ("100", "200", "1.5", "001")


@given(
    st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=6), st.sampled_from([" ", ",", " ; "])
)
def test_points_are_numbers_with_the_same_separators(
    drawn: list[tuple[str, str]], separator: str
) -> None:
    points = read_points("\n".join(separator.join(pair) for pair in drawn), least=1)
    unit = Fraction(1, 10**points.places)
    for row, column in zip(points.columns.tolist(), zip(*drawn, strict=True), strict=True):
        exact = [Fraction(word) for word in column]
        assert [value * unit for value in row] == [value - min(exact) for value in exact]


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (read_numbers, "1,,2", ":1:3: found an empty field"),
        (read_numbers, ",1", ":1:1: found an empty field"),
        (read_numbers, "1\xa02", ":1:2: found U+00A0 NO-BREAK SPACE"),
        (read_numbers, "1 2\ufeff", ":1:4: found U+FEFF"),
        (read_numbers, "1e1000000", "100,000 places"),
        (read_numbers, "9" * 1_000_001, "1,000,000 digits"),
        (read_whole, "1\n2.50", ":2:1: found '2.50', expected a whole number"),
        (read_whole, "", "no numbers"),
        (lambda t, p: read_points(t, p, least=1), "1,2,", ":1:5: found an empty field"),
        (lambda t, p: read_points(t, p, least=1), "1 2\u200b", ":1:4: found U+200B ZERO WIDTH"),
        (read_bits, "01\n0\x1b1", ":2:2: found U+001B ESCAPE"),
        (read_bits, "0,,1", ":1:3: found an empty field"),
        (read_process, "discount 1/0", "found '1/0', expected a number"),
        (read_process, "discount 0." + 60 * "9", "a discount of 0 or more"),
        (read_process, "discount .5\na go a 1 1e999", ":2:10: found 1e999, expected a reward"),
        (read_process, "discount .5\na go a 1 -Infinity", ":2:10: found '-Infinity'"),
        (read_process, "discount .5\na go a 1 1e-300", ":2:10: found 1e-300, expected a reward"),
        (read_process, "discount .5\na go a 1 " + "9" * 5000, "at most 1,000 digits"),
        (read_process, f"discount .5\na go a 1/3 1\na go b 0.{15 * '6'} 1", "a little less than 1"),
        (read_process, f"discount .5\na go a .5 1\na go a .5 -0.{350 * '9'}", "which float64"),
    ],
)  # fmt: skip
def test_what_is_no_input_is_refused_where_it_stands(
    read: Callable[[str, str], Any], text: str, told: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(text, "x")
    assert told in str(caught.value)
    assert len(str(caught.value)) < 600


def test_memory_that_numbers_would_take_is_known_before() -> None:
    text = "1e99999 " * (MAX_ALL // 100_000 + 1)
    with pytest.raises(InputError, match="at most 1,000,000,000 digits in all"):
        read_numbers(text)


@pytest.mark.parametrize("find", ["", "1 2", "x", "nan", "1\xa0"])
def test_one_number_is_searched_for(find: str) -> None:
    with pytest.raises(InputError, match="--find"):
        run("search", "1 3 5", find=find)
    assert run("search", "1 2.5 5", find="2.50").value == {"found": True, "place": 1}


@settings(max_examples=60)
@given(
    st.tuples(st.integers(1, 99), st.integers(-200, 198)).map(lambda pair: "{}e{}".format(*pair)),
    st.sampled_from(["0", "1/3", "0.9", "0." + 20 * "9", "0." + 49 * "9"]),
)
def test_the_bound_of_a_value_holds_for_all_numbers_that_are_taken(
    reward: str, discount: str
) -> None:
    value = Fraction(reward) / (1 - Fraction(discount))
    answer = run("value-iteration", f"discount {discount}\na go a 1 {reward}\n").value
    assert abs(Fraction(answer["states"][0]["value"]) - value) <= Fraction(answer["error_bound"])


@pytest.mark.parametrize("task", ["hull", "delaunay", "tsp"])
def test_points_of_thousands_of_digits(task: str) -> None:
    far = "9" * 5000
    answer = run(task, f"0 0\n{far} 0\n0 {far}\n{far} {far}\n1 2\n")
    found = {
        "hull": lambda v: [row["place"] for row in v] == [0, 1, 3, 2],
        "delaunay": lambda v: len(v["triangles"]) == 4,
        "tsp": lambda v: v["length"].startswith("4E+5000") and sorted(v["tour"]) == [0, 1, 2, 3, 4],
    }
    assert found[task](answer.value)


@given(st.integers(-(10**4400), 10**4400), st.integers(-(2**70), 2**70))
@settings(max_examples=8)
def test_products_are_pythons(a: int, b: int) -> None:
    assert run("multiply", f"{digits(a)} {digits(b)}").value == digits(a * b)


def test_a_product_is_made_of_blocks_and_one_that_takes_hours_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from abduce.symbolic.machines.lists import arithmetic

    monkeypatch.setattr(arithmetic, "BLOCK", 64)
    assert run("multiply", f"{3**200} -{7**300}").value == str(-(3**200) * 7**300)
    monkeypatch.setattr(arithmetic, "MOST", 64)
    with pytest.raises(InputError, match="a product of numbers of 9 and 10 bytes"):
        run("multiply", f"{2**64} {2**79}")
