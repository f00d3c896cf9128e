"""`train word-problem`: a model learns to solve word problems from texts with equations."""

from collections.abc import Callable

from abduce.cli.problems.decoders import Ready, TrainingOptions, refused_told, train_decoder

WORD_PROBLEM = "word-problem"


def train_word_problem(options: TrainingOptions) -> None:
    """Train a model, keep it, and add a record.

    Raises:
        InputError: a file cannot be read, or a checkpoint is of another run.
        DataError: a data set or the encoder is not on this machine.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.word_problems.learning import learning_from
    from abduce.configuration import configured
    from abduce.neural.program_decoder.encoder import read_encoder
    from abduce.neural.word_problems.config import WordProblemConfig
    from abduce.neural.word_problems.problem import VOCABULARY
    from abduce.neural.word_problems.training import lesson

    chosen = configured(WordProblemConfig(), options.config, options.settings)
    source = learning_from(options.examples, folders(options.data))

    def made(tell: Callable[[str], None] | None) -> Ready:
        read = read_encoder(options.encoder)
        taught = lesson(
            source.problems, read, chosen, seed=options.seed, device=options.device, progress=tell
        )
        about = f"learning from {taught.learned:,} problems, judged on {taught.apart:,} others"
        return Ready(
            experiment=taught.experiment,
            encoder=read,
            vocabulary=VOCABULARY,
            card={
                "shown": chosen.shown,
                "examples": list(source.names),
                "sha256": dict(source.sha256),
                "learned": taught.learned,
                "kept_apart": taught.apart,
                "refused": dict(taught.refused),
            },
            about=about + refused_told(taught.refused),
            score="right values on the problems kept apart",
        )

    train_decoder(options, made)
