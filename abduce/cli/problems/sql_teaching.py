"""`train sql`: a model learns to answer questions about databases from questions with queries."""

from collections.abc import Callable
from pathlib import Path

from abduce.cli.problems.decoders import Ready, TrainingOptions, refused_told, train_decoder

SQL = "sql"


def train_sql(options: TrainingOptions) -> None:
    """Train a model, keep it, and add a record.

    Raises:
        InputError: a file cannot be read, or a checkpoint is of another run.
        DataError: a data set or the encoder is not on this machine.
    """
    from abduce.benchmarks.asking.learning import learning_from
    from abduce.benchmarks.data.members import folders
    from abduce.configuration import configured
    from abduce.neural.program_decoder.encoder import read_encoder
    from abduce.neural.questions_to_sql.config import SqlConfig
    from abduce.neural.questions_to_sql.training import lesson
    from abduce.neural.questions_to_sql.vocabulary import VOCABULARY

    chosen = configured(SqlConfig(), options.config, options.settings)
    with learning_from(options.examples, folders(options.data)) as source:

        def made(tell: Callable[[str], None] | None) -> Ready:
            read = read_encoder(options.encoder)
            taught = lesson(
                source.questions,
                source.places,
                read,
                chosen,
                seed=options.seed,
                device=options.device,
                progress=tell,
            )
            about = (
                f"learning from {taught.learned:,} questions about {len(taught.databases):,} "
                f"databases, judged on {taught.apart:,} others"
            )
            return Ready(
                experiment=taught.experiment,
                encoder=read,
                vocabulary=VOCABULARY,
                card={
                    "examples": list(source.names),
                    "sha256": dict(source.sha256),
                    "databases": [Path(name).name for name in taught.databases],
                    "constants": list(taught.constants),
                    "learned": taught.learned,
                    "kept_apart": taught.apart,
                    "refused": dict(taught.refused),
                },
                about=about + refused_told(taught.refused),
                score="gold's queries on the questions kept apart",
            )

        train_decoder(options, made)
