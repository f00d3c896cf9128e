"""`bench` without a part: the parts, with the number of their jobs."""

from typing import Final

from abduce.cli.bench.asked import (
    EXECUTION,
    LAMBDA,
    LANGUAGES,
    MATHEMATICS,
    SPECIFICATIONS,
    SQL,
    SYNTHESIS,
    VERIFY,
    WORD_PROBLEM,
    Asked,
)
from abduce.cli.terminal import print_json, show

ANSWERED: Final = 9
"""The number of jobs about certified answers, whose module needs extras."""


def show_overview(asked: Asked) -> None:
    """Prints a line for each part."""
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.drawing.tables import aligned
    from abduce.benchmarks.execution.job import execution_jobs
    from abduce.benchmarks.lambda_calculus.suite import jobs as lambda_jobs
    from abduce.benchmarks.solve.parts import PARTS, jobs
    from abduce.benchmarks.specifications.certificate_jobs import certificate_jobs
    from abduce.benchmarks.specifications.nap_jobs import nap_jobs
    from abduce.benchmarks.specifications.nonlinear.jobs import nonlinear_jobs
    from abduce.benchmarks.verify.instances import read_instances
    from abduce.benchmarks.verify.suite import benchmarks
    from abduce.benchmarks.word_problems.jobs import word_problem_jobs

    found = benchmarks(folders(asked.data))
    rows = {name: len(jobs([name], asked.seeds)) for name in PARTS}
    rows[EXECUTION] = len(execution_jobs(None, asked.seeds))
    rows[LAMBDA] = len(lambda_jobs(False))
    rows[LANGUAGES] = 40
    proofs = certificate_jobs(folders(asked.data))
    rows[MATHEMATICS] = 19
    rows[SPECIFICATIONS] = (
        len(nap_jobs()) + 1 + len(proofs) + ANSWERED + len(nonlinear_jobs())  # 1: soundness
    )
    rows[SQL] = 42
    rows[SYNTHESIS] = 5
    rows[WORD_PROBLEM] = len(word_problem_jobs())
    rows[VERIFY] = sum(len(read_instances(path)) for path in found.values())
    if asked.json_:
        print_json(rows)
        return
    about = {name: part.about for name, part in PARTS.items()}
    about[EXECUTION] = (
        "proved kernels and unproved neural modules, on inputs far larger than in training"
    )
    about[LAMBDA] = "lambda terms reduced to normal form, on both engines"
    about[LANGUAGES] = "languages drawn at random, to see what posteriors mean"
    about[MATHEMATICS] = "questions of university courses and of competitions, answered by programs"
    about[SPECIFICATIONS] = (
        "activation patterns proved, known counterexamples found, certificates written, answers "
        "certified, branching measured"
    )
    about[SQL] = "SQL queries with one edit, compared with the queries"
    about[SYNTHESIS] = "arithmetic synthesised from examples; with --only, functions of lists"
    about[WORD_PROBLEM] = "models that solve word problems, on the splits of the literature"
    about[VERIFY] = f"networks and properties: {', '.join(found) or 'none on this machine'}"
    for line in aligned([(name, f"{n} jobs", about[name]) for name, n in rows.items()], {1}):
        show(line)
