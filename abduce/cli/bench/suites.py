"""`bench synthesis --only SUITE`: list functions from examples, one after the other."""

from abduce.cli.bench.asked import Asked
from abduce.cli.terminal import print_json, say, show
from abduce.errors import Exit, InputError
from abduce.text import nearest


def bench_suites(seed: int, asked: Asked) -> int:
    """Looks for the functions of a suite, and says how many are right on unseen examples.

    Raises:
        InputError: `--only` with a name that is no suite.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.drawing.tables import show_table
    from abduce.benchmarks.records.record_file import check_writable, read, records_path
    from abduce.benchmarks.synthesis.suite_library import learned_library
    from abduce.benchmarks.synthesis.suite_run import KIND, id_of, pending, run_suite
    from abduce.benchmarks.synthesis.suite_table import (
        function_summary,
        function_tables,
        function_targets,
        gather_functions,
    )
    from abduce.benchmarks.synthesis.suites import DEVELOPMENT, LIBRARY, SUITES, read_suite
    from abduce.configuration import configured
    from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
    from abduce.symbolic.synthesis.functional.library import FunctionLibrary
    from abduce.symbolic.synthesis.functional.lists import LISTS

    suite = SUITES.get(asked.only or "")
    if suite is None:
        advice = nearest(asked.only or "", SUITES)
        raise InputError(f"--only {asked.only} with synthesis", tuple(SUITES), advice=advice)
    budget = configured(FunctionalBudget(), asked.config, asked.settings)
    limit = asked.timeout_s or suite.limit_s
    records = records_path(KIND, asked.out)
    tasks, sha256 = read_suite(suite, folders(asked.data))
    library = FunctionLibrary(LISTS)
    if asked.list_:
        show("\n".join([task.name for task in tasks]))
        return Exit.ANSWERED
    check_writable(records)
    if suite.name == LIBRARY:
        lessons = [task for task in tasks if task.part == DEVELOPMENT]
        tasks = [task for task in tasks if task.part != DEVELOPMENT]
        path = records.with_suffix(".library.json")
        library = learned_library(lessons, limit, budget, path, asked.progress)
    todo = pending(tasks, limit, budget, seed, library, records) if asked.resume else tasks
    run_suite(todo, sha256, limit, budget, seed, library, records, progress=asked.progress)
    wanted = {id_of(task, limit, budget, seed, library) for task in tasks}
    found = gather_functions([record for record in read(records) if record.id in wanted])
    if asked.json_:
        print_json(function_summary(found))
    else:
        for table in function_tables(found):
            show_table(table)
        for line in function_targets(found):
            show(line)
    say(f"{len(todo)} functions looked for; records: {records}")
    return Exit.ANSWERED
