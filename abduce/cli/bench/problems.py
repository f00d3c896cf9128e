"""`bench word-problem`: models of word problems, trained and tested one after the other."""

from abduce.cli.bench.asked import WORD_PROBLEM, Asked
from abduce.cli.bench.turns import bench_in_turn
from abduce.door import asked_to_stop


def bench_word_problem(seed: int, asked: Asked) -> int:
    """Trains and tests models on the splits of the literature, and prints a line for each.

    Raises:
        InputError: `--only` with another name than that of a benchmark.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.word_problems.jobs import word_problem_jobs
    from abduce.benchmarks.word_problems.run import run_word_problems
    from abduce.benchmarks.word_problems.table import target_lines, word_problem_summary
    from abduce.configuration import configured
    from abduce.neural.word_problems.config import WordProblemConfig

    chosen = configured(WordProblemConfig(), asked.config, asked.settings)
    jobs = word_problem_jobs(asked.only, seed, asked.timeout_s, chosen)
    places = folders(asked.data)
    with asked_to_stop() as stop:
        return bench_in_turn(
            WORD_PROBLEM,
            jobs,
            asked,
            run=lambda todo, records: run_word_problems(
                todo, records, places, resume=asked.resume, stop=stop, progress=asked.progress
            ),
            lines=target_lines,
            summary=word_problem_summary,
        )
