"""The delta rule with several Householder factors a token, step by step and in chunks.

    H <- (I - beta k k^T) H + beta k v^T        for each of the turns of a token
    o  = H^T q                                  after its last turn

Where beta is between 0 and 2 and k has length 1, the eigenvalue along k is between -1 and 1. With
several turns, a token's matrix is a product of generalised Householder matrices; products of n - 1
reflections make every permutation of n things.

Source: Yang et al. 2024, Parallelizing linear transformers with the delta rule over sequence
length (chunks); Grazzi et al. 2025, Unlocking state-tracking in linear RNNs through negative
eigenvalues; Siems et al. 2025, DeltaProduct (turns).
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import pad


def recurrent(
    q: Float[Tensor, "batch heads time keys"],
    k: Float[Tensor, "batch heads time turns keys"],
    v: Float[Tensor, "batch heads time turns values"],
    beta: Float[Tensor, "batch heads time turns"],
) -> Float[Tensor, "batch heads time values"]:
    """One turn after the other: the definition."""
    state = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1])
    found: list[Tensor] = []
    for t in range(q.shape[2]):
        for turn in range(k.shape[3]):
            key = k[:, :, t, turn].unsqueeze(-1)
            wanted = v[:, :, t, turn].unsqueeze(-2) - key.mT @ state
            state = state + beta[:, :, t, turn, None, None] * key * wanted
        found.append((q[:, :, t].unsqueeze(-2) @ state).squeeze(-2))
    return torch.stack(found, 2)


def chunked(
    q: Float[Tensor, "batch heads time keys"],
    k: Float[Tensor, "batch heads time turns keys"],
    v: Float[Tensor, "batch heads time turns values"],
    beta: Float[Tensor, "batch heads time turns"],
    chunk: int = 16,
) -> Float[Tensor, "batch heads time values"]:
    """The same recurrence, with chunks of `chunk` tokens in parallel as far as possible.

    In a chunk that begins with the state S, the turns together write K^T (U - W S). Here U and W
    solve a triangular system that does not depend on S: the WY form of a product of Householder
    matrices. Only S goes from chunk to chunk.
    """
    batch, heads, time, turns, keys = k.shape
    values = v.shape[-1]
    missing = -time % chunk
    count, written = (time + missing) // chunk, chunk * turns
    q = pad(q, (0, 0, 0, missing)).view(batch, heads, count, chunk, keys)
    k = pad(k, (0, 0, 0, 0, 0, missing)).view(batch, heads, count, written, keys)
    v = pad(v, (0, 0, 0, 0, 0, missing)).view(batch, heads, count, written, values)
    beta = pad(beta, (0, 0, 0, missing)).view(batch, heads, count, written, 1)

    weighted = beta * k
    earlier = torch.tril(weighted @ k.mT, -1)
    solved = torch.linalg.solve_triangular(
        earlier + torch.eye(written, dtype=q.dtype, device=q.device),
        torch.cat((weighted, beta * v), -1),
        upper=False,
        unitriangular=True,
    )
    w, u = solved.split((keys, values), -1)
    turn = torch.arange(written, device=q.device) // turns
    seen = turn <= torch.arange(chunk, device=q.device).unsqueeze(-1)
    attention = (q @ k.mT) * seen

    state = q.new_zeros(batch, heads, keys, values)
    found: list[Tensor] = []
    for n in range(count):
        news = u[:, :, n] - w[:, :, n] @ state
        found.append(q[:, :, n] @ state + attention[:, :, n] @ news)
        state = state + k[:, :, n].mT @ news
    return torch.cat(found, 2)[:, :, :time]
