"""The console of rich for tables, status lines and logs: what it is given is never obeyed.

Strings are text, not markup: colours are asked for with `rich.text.Text`. What would steer the
terminal is written out (`abduce.printing`), in strings before they are laid out and in everything
else when it is drawn; the colours that rich itself adds come after that.
"""

from collections.abc import Iterable
from typing import Any

from rich.console import Console as RichConsole  # noqa: TID251
from rich.console import ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from abduce.printing import printable


class Console(RichConsole):
    """A console on stdout or stderr.

    Args:
        options: those of rich's own console.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(printable(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(printable(segment.text), segment.style)
