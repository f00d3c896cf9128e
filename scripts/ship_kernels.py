"""Train all kernels with seed 0 and write those that come with Abduce: neural/kernels/shipped.

Run it when a kernel, its examples or its training change: `python scripts/ship_kernels.py`, in a
checkout that is installed. It takes a minute and the extra `neural`. Weights of more than MOST
bytes are left out, and then nothing but `abduce train NAME --seed 0`, which gives the kernel again,
shows that it was learned.
"""

import shutil
import sys
from dataclasses import replace

from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.files import save
from abduce.neural.kernels.kernel import one_thread, told, train
from abduce.neural.kernels.places import SHIPPED

MOST = 1 << 16


def main() -> int:
    one_thread()
    learned = [train(task) for task in TASKS.values()]
    sys.stdout.writelines(f"{told(one)}\n" for one in learned)
    if not all(one.proved for one in learned):
        return 1
    shutil.rmtree(SHIPPED, ignore_errors=True)
    for one in learned:
        size = sum(weights.nbytes for weights in one.weights.values())
        save(one if size <= MOST else replace(one, weights={}), SHIPPED, shipped=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
