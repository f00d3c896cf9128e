"""The kinds of records that a report has a section of, in its order."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from abduce.benchmarks.asking.table import (
    asking_sections,
    asking_summary,
    asking_tables,
    gather_asking,
)
from abduce.benchmarks.execution.gathered import gather_executed
from abduce.benchmarks.execution.page import executed_sections
from abduce.benchmarks.execution.table import executed_summary, executed_table
from abduce.benchmarks.lambda_calculus.gathered import gather_reductions
from abduce.benchmarks.lambda_calculus.page import reduction_sections
from abduce.benchmarks.lambda_calculus.table import reduction_summary, reduction_tables
from abduce.benchmarks.learner.calibration import (
    calibration_sections,
    calibration_summary,
    calibration_tables,
    gather_draws,
)
from abduce.benchmarks.learner.labels import (
    gather_labels,
    label_sections,
    label_summary,
    label_tables,
)
from abduce.benchmarks.mathematics.table import (
    gather_mathematics,
    mathematics_sections,
    mathematics_summary,
    mathematics_tables,
)
from abduce.benchmarks.perception.table import (
    gather_images,
    images_sections,
    images_summary,
    images_tables,
)
from abduce.benchmarks.queries.table import (
    gather_queries,
    query_sections,
    query_summary,
    query_tables,
)
from abduce.benchmarks.questions.table import (
    gather_questions,
    question_sections,
    question_summary,
    question_tables,
)
from abduce.benchmarks.report.section import Section, of_rows
from abduce.benchmarks.solve.gathered import gather
from abduce.benchmarks.solve.page import learned_sections
from abduce.benchmarks.solve.table import learned_summary, learned_table
from abduce.benchmarks.soundness.table import (
    gather_soundness,
    soundness_sections,
    soundness_summary,
    soundness_tables,
)
from abduce.benchmarks.specifications.answers_table import (
    answers_sections,
    answers_summary,
    answers_tables,
    gather_answers,
)
from abduce.benchmarks.specifications.certificate_table import (
    certificate_sections,
    certificate_summary,
    certificate_tables,
    gather_certificates,
)
from abduce.benchmarks.specifications.nonlinear.table import (
    gather_nonlinear,
    nonlinear_sections,
    nonlinear_summary,
    nonlinear_tables,
)
from abduce.benchmarks.specifications.table import (
    gather_specifications,
    specification_sections,
    specification_summary,
    specification_tables,
)
from abduce.benchmarks.synthesis.suite_table import (
    function_sections,
    function_summary,
    function_tables,
    gather_functions,
)
from abduce.benchmarks.synthesis.table import (
    gather_synthesis,
    synthesis_sections,
    synthesis_summary,
    synthesis_tables,
)
from abduce.benchmarks.training.table import (
    gather_trained,
    trained_sections,
    trained_summary,
    trained_tables,
)
from abduce.benchmarks.verify.gathered import gather_verdicts
from abduce.benchmarks.verify.page import verdict_sections
from abduce.benchmarks.verify.table import verdict_summary, verdict_table
from abduce.benchmarks.word_problems.table import (
    gather_word_problems,
    word_problem_sections,
    word_problem_summary,
    word_problem_tables,
)

SECTIONS: Sequence[Section[Any]] = (
    Section(
        kinds=("solve",),
        name="rows",
        title="What was learned",
        gather=gather,
        records=of_rows,
        tables=lambda rows: [learned_table(rows)],
        parts=learned_sections,
        summary=learned_summary,
    ),
    Section(
        kinds=("languages",),
        name="calibration",
        title="What posteriors mean",
        gather=gather_draws,
        records=list,
        tables=calibration_tables,
        parts=calibration_sections,
        summary=calibration_summary,
    ),
    Section(
        kinds=("images",),
        name="images",
        title="What was learned from images",
        gather=gather_images,
        records=list,
        tables=images_tables,
        parts=images_sections,
        summary=images_summary,
    ),
    Section(
        kinds=("labels",),
        name="labels",
        title="What fixes symbols",
        gather=gather_labels,
        records=list,
        tables=label_tables,
        parts=label_sections,
        summary=label_summary,
    ),
    Section(
        kinds=("verify",),
        name="verdicts",
        title="What was verified",
        gather=gather_verdicts,
        records=of_rows,
        tables=lambda rows: [verdict_table(rows)],
        parts=verdict_sections,
        summary=verdict_summary,
    ),
    Section(
        kinds=("specifications",),
        name="specifications",
        title="What was specified by activation patterns",
        gather=gather_specifications,
        records=list,
        tables=specification_tables,
        parts=specification_sections,
        summary=specification_summary,
    ),
    Section(
        kinds=("certificates",),
        name="certificates",
        title="What was certified",
        gather=gather_certificates,
        records=list,
        tables=certificate_tables,
        parts=certificate_sections,
        summary=certificate_summary,
    ),
    Section(
        kinds=("nonlinear",),
        name="nonlinear",
        title="What branching adds",
        gather=gather_nonlinear,
        records=list,
        tables=nonlinear_tables,
        parts=nonlinear_sections,
        summary=nonlinear_summary,
    ),
    Section(
        kinds=("answers",),
        name="answers",
        title="Which answers were certified",
        gather=gather_answers,
        records=list,
        tables=answers_tables,
        parts=answers_sections,
        summary=answers_summary,
    ),
    Section(
        kinds=("sql",),
        name="queries",
        title="What was compared of queries",
        gather=gather_queries,
        records=list,
        tables=query_tables,
        parts=query_sections,
        summary=query_summary,
    ),
    Section(
        kinds=("questions",),
        name="questions",
        title="What was found of questions to databases",
        gather=gather_questions,
        records=list,
        tables=question_tables,
        parts=question_sections,
        summary=question_summary,
    ),
    Section(
        kinds=("asking",),
        name="asking",
        title="Which questions to databases were answered",
        gather=gather_asking,
        records=list,
        tables=asking_tables,
        parts=asking_sections,
        summary=asking_summary,
    ),
    Section(
        kinds=("word-problem",),
        name="word_problems",
        title="Which word problems were solved",
        gather=gather_word_problems,
        records=list,
        tables=word_problem_tables,
        parts=word_problem_sections,
        summary=word_problem_summary,
    ),
    Section(
        kinds=("mathematics",),
        name="mathematics",
        title="What was calculated",
        gather=gather_mathematics,
        records=list,
        tables=mathematics_tables,
        parts=mathematics_sections,
        summary=mathematics_summary,
    ),
    Section(
        kinds=("execute",),
        name="executed",
        title="What was executed",
        gather=gather_executed,
        records=of_rows,
        tables=lambda rows: [executed_table(rows)],
        parts=executed_sections,
        summary=executed_summary,
    ),
    Section(
        kinds=("reduce",),
        name="reduced",
        title="What was reduced",
        gather=gather_reductions,
        records=lambda found: found.records,
        tables=reduction_tables,
        parts=reduction_sections,
        summary=reduction_summary,
    ),
    Section(
        kinds=("soundness",),
        name="soundness",
        title="Soundness of verifiers",
        gather=gather_soundness,
        records=list,
        tables=soundness_tables,
        parts=soundness_sections,
        summary=soundness_summary,
    ),
    Section(
        kinds=("synthesis",),
        name="synthesised",
        title="What was synthesised",
        gather=gather_synthesis,
        records=list,
        tables=synthesis_tables,
        parts=synthesis_sections,
        summary=synthesis_summary,
    ),
    Section(
        kinds=("functions",),
        name="functions",
        title="Which functions were found",
        gather=gather_functions,
        records=list,
        tables=function_tables,
        parts=function_sections,
        summary=function_summary,
    ),
    Section(
        kinds=("train",),
        name="trained",
        title="What was trained",
        gather=partial(gather_trained, kind="train"),
        records=list,
        tables=trained_tables,
        parts=trained_sections,
        summary=trained_summary,
    ),
    Section(
        kinds=("prove",),
        name="proved",
        title="What was proved of kernels",
        gather=partial(gather_trained, kind="prove"),
        records=list,
        tables=trained_tables,
        parts=trained_sections,
        summary=trained_summary,
    ),
)
