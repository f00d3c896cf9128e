"""The steps of a list machine, compiled; imported only where numba is there."""

from inspect import unwrap

import numba

from abduce.symbolic.machines.lists import stepping

run = numba.njit(cache=True)(unwrap(stepping.run))  # numba looks into it, and not into checks of it
