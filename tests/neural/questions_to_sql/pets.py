"""A small database, questions about it with their queries, and a tiny model that learns them."""

import sqlite3
from pathlib import Path

from abduce.neural.program_decoder.config import DecoderConfig, SearchConfig
from abduce.neural.program_decoder.encoder import read_encoder
from abduce.neural.program_decoder.files import Kept, load, save
from abduce.neural.questions_to_sql.answering import TRAIN
from abduce.neural.questions_to_sql.config import AnsweringConfig, Passes, SqlConfig
from abduce.neural.questions_to_sql.examples import Place, Told, told_by_database
from abduce.neural.questions_to_sql.training import NAME, lesson
from abduce.neural.questions_to_sql.vocabulary import VOCABULARY
from abduce.neural.training.loop import train
from tests.neural.program_decoder.tiny import write_encoder

SCRIPT = """
CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner_id INT REFERENCES owners (id), kind TEXT, age INT);
CREATE TABLE weather (day DATE, rain REAL);
INSERT INTO owners VALUES (1, 'Ann Lee'), (2, 'Bob');
INSERT INTO pets VALUES (1, 1, 'cat', 3), (2, 1, 'dog', 4), (3, 2, 'cat', 9);
INSERT INTO weather VALUES ('2020-01-01', 0.5);
"""
WORDS = """
how many pets owners name of age kind are there older than cat dog ann lee bob the id owner weather
day rain who owns a what is | : , ( ) ;
"""
ASKED = (
    ("How many pets are there?", "SELECT count(*) FROM pets"),
    ("How many owners are there?", "SELECT count(*) FROM owners"),
    ("What is the age of the cat?", "SELECT age FROM pets WHERE kind = 'cat'"),
    ("What is the age of the dog?", "SELECT age FROM pets WHERE kind = 'dog'"),
    (
        "Who owns a dog?",
        "SELECT owners.name FROM owners JOIN pets ON pets.owner_id = owners.id "
        "WHERE pets.kind = 'dog'",
    ),
    ("What kind is older than 4?", "SELECT kind FROM pets WHERE age > 4"),
    ("What kind is older than 3?", "SELECT kind FROM pets WHERE age > 3"),
    ("What is the name of the owners?", "SELECT name FROM owners"),
)
TINY = SqlConfig(
    network=DecoderConfig(frozen=1, width=16, heads=2, layers=1, inner=16),
    training=Passes(passes=3, batch=4, rate=1e-2, judged=2, kept_apart=0.2),
)
WIDE = AnsweringConfig(search=SearchConfig(beam=4, finished=4))


def write_pets(folder: Path, script: str = SCRIPT) -> Path:
    """The database as a file."""
    path = folder / "pets.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path


def told_pets() -> tuple[Told, ...]:
    """The questions, each a family of its own."""
    return told_by_database((("pets", text, sql) for text, sql in ASKED))


def encoder_of_pets(folder: Path) -> Path:
    """A tiny encoder that knows the words."""
    return write_encoder(
        folder, positions=120, words=(*WORDS.split(), *"?.=><*#", *map(str, range(10)))
    )


def learned_pets(folder: Path, path: Path) -> Kept:
    """A tiny model, trained on the questions for a moment."""
    encoder = read_encoder(encoder_of_pets(folder / "encoder"))
    taught = lesson(told_pets(), {"pets": Place(path=path)}, encoder, TINY)
    assert taught.learned + taught.apart == len(ASKED)
    assert not taught.refused
    trained = train(taught.experiment)
    save(trained, encoder, VOCABULARY, folder, {"constants": list(taught.constants)})
    return load(NAME, folder, TRAIN)
