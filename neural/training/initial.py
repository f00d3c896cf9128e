"""First weights from a seed, and from nothing else."""

import torch


def initialise(module: torch.nn.Module, seed: int) -> None:
    """Draw matrices anew, each entry uniform within 1 / sqrt(inputs) of 0; embeddings are normal.
    Vectors stay as they are.

    torch draws first weights from its global generator; here they are drawn again, so that nothing
    depends on it.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for part in module.modules():
            for name, parameter in part.named_parameters(recurse=False):
                if isinstance(part, torch.nn.Embedding):
                    parameter.normal_(generator=generator)
                elif parameter.dim() > 1:
                    within = parameter[0].numel() ** -0.5
                    parameter.uniform_(-within, within, generator=generator)
                elif name.startswith("bias"):
                    parameter.zero_()
