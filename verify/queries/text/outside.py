"""What a query has that no proof here understands."""


class Outside(Exception):
    """A part of a query outside the fragment that is understood, named as a person would."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part
