"""The kernel that permutes ten bits: a finite ensemble, learned from ten words of 1,023."""

from abduce.neural.kernels.config import PermutationConfig
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.neural.kernels.words.unit_vectors import unit_vectors
from abduce.symbolic.programs.definitions.permutations import BITS, PERMUTATION
from abduce.symbolic.programs.table import Table
from abduce.verify.discrete.tangent import prove_mean


def _ensemble(config: PermutationConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.words.ensemble import EnsembleKernel

    return EnsembleKernel(config, seed)


PERMUTATION_TASK = KernelTask(
    name="permutation",
    about=f"a permutation of {BITS} bits, computed by an ensemble of networks",
    learned_from=f"the {BITS} words with a single 1, of {2**BITS - 1:,} words; the others are "
    "never shown",
    part="permutation",
    specification=PERMUTATION,
    exact=Table.from_arrays,
    examples=unit_vectors,
    module=_ensemble,
    limit=prove_mean,
)
