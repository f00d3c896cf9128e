"""Numbers as text: shares, durations and gaps."""


def percent(fraction: float) -> str:
    """An accuracy as text; 100 % is said only where it is exact.

    >>> percent(1.0), percent(0.99999), percent(0.5)
    ('100 %', '99.99 %', '50.0 %')
    """
    if fraction == 1.0:
        return "100 %"
    if fraction > 0.999:
        return f"{int(fraction * 10000) / 100:.2f} %"
    return f"{100 * fraction:.1f} %"


def seconds(value: float) -> str:
    """A duration as text.

    >>> seconds(0.0123), seconds(1.234), seconds(75.2)
    ('0.012 s', '1.23 s', '75 s')
    """
    if value < 0.1:
        return f"{value:.3f} s"
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def duration(seconds: float) -> str:
    """A duration, from microseconds to minutes, in three digits.

    >>> duration(0.0000812), duration(0.0361), duration(2.838)
    ('0.081 ms', '36.1 ms', '2.84 s')
    """
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.3f} ms" if seconds < 0.001 else f"{seconds * 1e3:.3g} ms"


def longer(gap: float) -> str:
    """A gap as text. As long as LKH's may be a hair less: LKH reads rounded lengths.

    >>> longer(0.0123), longer(-3e-6)
    ('1.23 %', '0.00 %')
    """
    return f"{round(100 * gap, 2) + 0.0:.2f} %"
