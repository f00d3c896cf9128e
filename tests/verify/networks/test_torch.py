"""What is read from a module of torch is the function that the module computes."""

import copy
import inspect
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from abduce.errors import InputError, UnsupportedError
from abduce.verify import Proved, Refuted, read_module, read_network, run_module, verify
from abduce.verify.networks.agreement import ImportMismatchError
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.network import Add, Conv, Dense, Network
from abduce.verify.networks.torch import reading
from abduce.verify.networks.torch.checking import check_module
from abduce.verify.networks.torch.exporting import exported
from tests.networks import specification
from tests.torch_modules import Branches, Computes, Function, Image, Residual, Twice, trained

Shape = tuple[int, ...]


def agree(module: nn.Module, shape: Shape, low: float = -2.0, high: float = 2.0) -> Network:
    """The network of a module, which was compared with the module in float64."""
    network = read_module(module, torch.full(shape, (low + high) / 2))
    x = np.random.default_rng(1).uniform(low, high, (4, *shape))
    double = copy.deepcopy(module).double().eval()
    with torch.no_grad():
        theirs = np.stack([double(torch.tensor(point)).numpy() for point in x])
    ours = evaluate(network, x)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)
    return network


def operations(network: Network) -> list[str]:
    found = [node.operation for node in network.nodes[1:]]
    return [op.name if isinstance(op, Nonlinearity) else type(op).__name__ for op in found]


ACTIVATIONS: dict[str, nn.Module] = {
    "relu": nn.ReLU(),
    "relu6": nn.ReLU6(),
    "leaky_relu": nn.LeakyReLU(0.2),
    "elu": nn.ELU(0.7),
    "selu": nn.SELU(),
    "celu": nn.CELU(0.7),
    "gelu": nn.GELU(),
    "gelu by tanh": nn.GELU("tanh"),
    "silu": nn.SiLU(),
    "sigmoid": nn.Sigmoid(),
    "log_sigmoid": nn.LogSigmoid(),
    "tanh": nn.Tanh(),
    "hardtanh": nn.Hardtanh(-0.5, 0.7),
    "hardsigmoid": nn.Hardsigmoid(),
    "hardswish": nn.Hardswish(),
    "softsign": nn.Softsign(),
    "mish": nn.Mish(),
    "tanhshrink": nn.Tanhshrink(),
    "softmax": nn.Softmax(-1),
    "softmin": nn.Softmin(0),
    "log_softmax": nn.LogSoftmax(-1),
    "prelu": nn.PReLU(),
    "glu": nn.GLU(),
    "dropout": nn.Dropout(),
    "identity": nn.Identity(),
    "flatten": nn.Flatten(0),
}


def agree_each(parts: dict[str, tuple[nn.Module, Shape]], low: float, high: float) -> Network:
    """Modules read side by side, each compared with itself in float64."""
    module = Branches(parts)
    network = read_module(module, torch.full((module.size,), (low + high) / 2))
    x = np.random.default_rng(1).uniform(low, high, (4, module.size))
    ours = torch.tensor(evaluate(network, x))
    double = copy.deepcopy(module).double().eval()
    for point, row in zip(x, ours, strict=True):
        with torch.no_grad():
            theirs = double.outputs(torch.tensor(point))
        places = row.split([len(part) for part in theirs.values()])
        for (name, expected), found in zip(theirs.items(), places, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12, err_msg=name)
    return network


def test_activations() -> None:
    agree_each({name: (module, (3, 4)) for name, module in ACTIVATIONS.items()}, -4.0, 4.0)


def test_activations_that_the_graph_has_are_one_node_and_dropout_is_none() -> None:
    chain = ["relu", "leaky_relu", "gelu", "silu", "sigmoid", "tanh", "dropout", "prelu"]
    network = agree(nn.Sequential(*(ACTIVATIONS[name] for name in chain)), (1, 4))
    expected = ["relu", "leaky_relu", "gelu", "silu", "sigmoid", "tanh", "leaky_relu"]
    assert operations(network) == expected


LAYERS: dict[str, tuple[nn.Module, Shape]] = {
    "linear": (nn.Linear(4, 3), (1, 4)),
    "linear of a vector": (nn.Linear(4, 3), (4,)),
    "linear of a matrix": (nn.Linear(4, 3, bias=False), (2, 5, 4)),
    "two linears": (Twice(4, 3), (1, 4)),
    "conv1d": (nn.Conv1d(2, 3, 3, stride=2, padding=1), (1, 2, 7)),
    "conv1d same": (nn.Conv1d(2, 3, 4, padding="same", dilation=2), (1, 2, 9)),
    "conv1d circular": (nn.Conv1d(2, 3, 3, padding=1, padding_mode="circular"), (1, 2, 5)),
    "conv2d": (nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=(1, 0)), (1, 2, 5, 7)),
    "conv2d in groups": (nn.Conv2d(4, 6, 3, groups=2, dilation=2, bias=False), (1, 4, 6, 5)),
    "conv2d of two": (nn.Conv2d(2, 3, 2), (2, 2, 4, 5)),
    "conv2d without batch": (nn.Conv2d(2, 3, 2), (2, 4, 5)),
    "conv2d reflecting": (nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect"), (1, 1, 4, 5)),
    "transposed 1d": (nn.ConvTranspose1d(2, 3, 3, stride=2, output_padding=1), (1, 2, 4)),
    "transposed 2d": (nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, dilation=2), (1, 2, 4, 3)),
    "transposed in groups": (nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2), (1, 4, 3, 2)),
    "batch norm 1d": (nn.BatchNorm1d(3), (1, 3)),
    "batch norm 2d": (nn.BatchNorm2d(3), (1, 3, 2, 4)),
    "batch norm alone": (nn.BatchNorm1d(3, affine=False), (2, 3, 4)),
    "batch norm of the batch": (nn.BatchNorm2d(2, track_running_stats=False), (2, 2, 2, 3)),
    "instance norm": (nn.InstanceNorm2d(2, affine=True), (1, 2, 3, 4)),
    "group norm": (nn.GroupNorm(2, 4), (1, 4, 3, 2)),
    "layer norm": (nn.LayerNorm([2, 3]), (1, 2, 3)),
    "layer norm alone": (nn.LayerNorm(3, elementwise_affine=False), (2, 3)),
    "rms norm": (nn.RMSNorm(3, eps=1e-6), (2, 3)),
    "max pool 1d": (nn.MaxPool1d(3, stride=2, padding=1), (1, 2, 7)),
    "max pool 2d": (nn.MaxPool2d((2, 3), stride=2, dilation=(2, 1)), (1, 2, 6, 7)),
    "max pool rounded up": (nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True), (1, 2, 6, 6)),
    "max pool without batch": (nn.MaxPool2d(2), (2, 4, 5)),
    "average pool 1d": (nn.AvgPool1d(2), (1, 2, 5)),
    "average pool": (nn.AvgPool2d(3, stride=2, padding=1), (1, 2, 6, 5)),
    "average of what is there": (
        nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False),
        (1, 2, 6, 6),
    ),
    "average rounded up": (nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True), (1, 1, 6, 6)),
    "average without batch": (nn.AvgPool2d(2), (2, 4, 5)),
    "adaptive average": (nn.AdaptiveAvgPool2d((2, 3)), (1, 2, 4, 6)),
    "adaptive average to one": (nn.AdaptiveAvgPool2d(1), (1, 2, 5, 7)),
    "adaptive average 1d": (nn.AdaptiveAvgPool1d(2), (1, 2, 6)),
    "adaptive max": (nn.AdaptiveMaxPool2d(2), (1, 2, 4, 6)),
    "norm pool": (nn.LPPool2d(2, 2), (1, 2, 4, 4)),
    "prelu by channel": (nn.PReLU(3), (1, 3, 4)),
    "upsample": (nn.Upsample(scale_factor=2), (1, 2, 3, 2)),
    "upsample to a size": (nn.Upsample(size=7), (1, 2, 4)),
    "zero pad": (nn.ZeroPad2d((1, 0, 2, -1)), (1, 2, 3, 4)),
    "constant pad": (nn.ConstantPad1d((1, 2), 0.7), (1, 2, 3)),
    "replication pad": (nn.ReplicationPad2d((1, 0, 2, 1)), (1, 2, 3, 4)),
    "pixel shuffle": (nn.PixelShuffle(2), (1, 4, 3, 2)),
    "unfold": (nn.Unfold((2, 3), padding=1), (1, 2, 4, 5)),
    "residual": (Residual(nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 3))), (1, 3)),
    "image": (Image(3, 5), (1, 15)),
    "attention": (nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), (1, 3, 4)),
    "gated cell": (nn.GRUCell(3, 2), (1, 3)),
    "weight norm": (nn.utils.parametrizations.weight_norm(nn.Linear(4, 3)), (1, 4)),
    "spectral norm": (nn.utils.parametrizations.spectral_norm(nn.Linear(4, 3)), (1, 4)),
}


def test_layers() -> None:
    agree_each({name: (trained(module), shape) for name, (module, shape) in LAYERS.items()}, -2, 2)


def of_parts(x: torch.Tensor) -> torch.Tensor:
    y = x.clone()
    y[:, 1:3] = x[:, :2] * 2
    y[0, 0] = 3.0
    return y


FUNCTIONS: dict[str, Function] = {
    "arithmetic": lambda x: (2 * x - x / 3) * (1 - x) - (-x) / (x + 0.5) + 1 / x,
    "scaled": lambda x: torch.add(x, x * x, alpha=3) - torch.sub(x, x[:, :1], alpha=0.3),
    "broadcast": lambda x: x * torch.tensor([[[1.0], [2.0]]]) + torch.arange(4) + x[:1, :1],
    "integers": lambda x: x * x.shape[1] + torch.tensor([True, False, True, False]),
    "powers": lambda x: x**3 + x.square() - x**-1 + x**0.5 + 2**x + x.rsqrt() + x**0,
    "logarithms": lambda x: x.log() + x.log2() + x.log10() + x.log1p() + x.expm1() + x.exp(),
    "waves": lambda x: x.sin() + x.cos() + (3 * x).tanh(),
    "steps": lambda x: x.floor() + x.ceil() + torch.sign(x - 1) + x // 0.25 + x.round() * x.atan(),
    "clamps": lambda x: x.clamp(0.7, 1.2) + x.clamp(min=0.8) - x.clamp(max=1.3),
    "clamps by a tensor": lambda x: x.clamp(min=torch.tensor([0.7, 1.0, 1.2, 0.0])),
    "extremes": lambda x: torch.maximum(x, 2 - x) + torch.minimum(x * x, x[:, :1]),
    "largest": lambda x: x.max() + x.amax(0) + x.max(1).values[:, None] + x.min() - x.amin((0, 1)),
    "sums": lambda x: x.sum() + x.sum(0) + x.mean(1, keepdim=True) - x.mean(),
    "spread": lambda x: x.var(1, keepdim=True) + x.std() + x.var(0, correction=0),
    "norms": lambda x: x.norm() + x.norm(p=1, dim=1, keepdim=True) + x.norm(p=torch.inf, dim=0),
    "normalized": lambda x: F.normalize(x) + F.cosine_similarity(x, x * x, 0),
    "logsumexp": lambda x: x.logsumexp(1),
    "products": lambda x: x @ x.T @ x + x.T.mm(x)[:2] + torch.einsum("ij,ij->i", x, x)[:, None],
    "products of vectors": lambda x: x[0] @ x[1] + x.mv(x[0]) + x.new_ones(2, 4).mv(x[0]),
    "batches": lambda x: torch.bmm(x[None], x[None].mT),
    "scaled sums": lambda x: torch.addmm(x[:, :2], x, x.T, beta=0.5, alpha=2),
    "sums of batches": lambda x: torch.baddbmm(
        x[None, :, :2], x[None], x.T[None], beta=0.5, alpha=2
    ),
    "outer": lambda x: torch.outer(x[0], x[1]).tril(),
    "attention": lambda x: F.scaled_dot_product_attention(x[None], x[None], x[None]),
    "parts": of_parts,
    "views": lambda x: x.reshape(4, 2).t().unsqueeze(0).flatten().view(2, 2, 2).squeeze(),
    "orders": lambda x: x.permute(1, 0).flip(0).roll(1, 0).transpose(0, 1) + x[:, [2, 0, 1, 3]],
    "joins": lambda x: torch.stack([torch.cat([x, torch.ones(1, 4), x * 2]), x.repeat(3, 1)[1:]]),
    "splits": lambda x: x.split([1, 3], 1)[1] + x.chunk(2, 0)[0][:, 1:] + x.unbind(1)[0][:, None],
    "copies": lambda x: x[:, None].expand(2, 3, 4) + x.repeat_interleave(3, 0).view(2, 3, 4),
    "chosen": lambda x: torch.where(torch.tensor([True, False, True, False]), x, x * x - 1),
    "gathered": lambda x: x.gather(1, torch.tensor([[1, 2], [0, 0]])),
    "masked": lambda x: x[:, :2].masked_fill(torch.eye(2).bool(), 3),
    "put": lambda x: torch.index_put(x, (torch.tensor([0]), torch.tensor([1])), x[1, 1] * 2),
    "constant": lambda x: torch.linspace(0, 1, 3),
    "input": lambda x: x,
    "windows": lambda x: x.unfold(1, 3, 1),
}


@pytest.mark.slow
def test_functions() -> None:
    agree_each({name: (Computes(f), (2, 4)) for name, f in FUNCTIONS.items()}, 0.6, 1.4)


@pytest.mark.parametrize(("height", "width"), [(8, 16), (3, 5), (4, 4), (1, 6)])
def test_flat_inputs_are_images_that_are_not_square(height: int, width: int) -> None:
    module = trained(nn.Sequential(Image(height, width), nn.Linear(2 * height * width, 3)))
    network = agree(module, (1, height * width))
    assert operations(network) == ["Pick", "Conv", "relu", "Pick", "Dense"]


def test_two_linears_into_a_sum_stay_two() -> None:
    network = agree(trained(Twice(4, 3)), (1, 4))
    assert [type(node.operation) for node in network.nodes[1:]] == [Dense, Dense, Add]


def test_batch_norm_is_folded_into_the_convolution_where_that_rounds_nothing() -> None:
    norm = nn.BatchNorm2d(2, eps=0.0)
    conv = nn.Conv2d(1, 2, 2)
    with torch.no_grad():
        norm.running_var.fill_(0.25)  # type: ignore[union-attr]
        conv.weight.copy_(torch.arange(8.0).reshape(2, 1, 2, 2))
        conv.bias.fill_(0.5)  # type: ignore[union-attr]
    (node,) = agree(nn.Sequential(conv, norm), (1, 1, 3, 4)).nodes[1:]
    assert isinstance(node.operation, Conv)
    assert np.array_equal(node.operation.weight, 2 * np.arange(8.0).reshape(2, 1, 2, 2))


def test_weights_are_exact_and_tensors_have_the_names_of_the_graph() -> None:
    linear = nn.Linear(3, 2)
    network = read_module(linear, torch.zeros(1, 3))
    node = network.nodes[network.names["linear"]]
    assert isinstance(node.operation, Dense)
    assert np.array_equal(node.operation.weight, linear.weight.detach().double().numpy().T)


@st.composite
def modules(draw: st.DrawFn) -> tuple[nn.Module, Shape]:
    """A sequence of a few layers on vectors or on images, some of them around a shortcut."""
    width = draw(st.integers(1, 4))
    shape: Shape = (1, width)
    layers: list[nn.Module] = []
    if draw(st.booleans()):
        shape = (1, width, draw(st.integers(3, 5)), draw(st.integers(3, 6)))
        for _ in range(draw(st.integers(1, 3))):
            layers.append(draw(image_layers(width)))
        layers += [nn.Flatten(), nn.LazyLinear(3)]
    else:
        for _ in range(draw(st.integers(1, 4))):
            layers.append(draw(vector_layers(width)))
    module = nn.Sequential(*layers)
    module(torch.zeros(2, *shape[1:]))
    return trained(module, draw(st.integers(0, 99))), shape


@st.composite
def functions(draw: st.DrawFn) -> nn.Module:
    names = ["relu", "leaky_relu", "elu", "sigmoid", "tanh", "hardtanh", "silu", "gelu", "prelu"]
    return copy.deepcopy(ACTIVATIONS[draw(st.sampled_from(names))])


@st.composite
def vector_layers(draw: st.DrawFn, width: int) -> nn.Module:
    hidden = draw(st.integers(1, 5))
    norm = draw(st.sampled_from([nn.BatchNorm1d, nn.LayerNorm, nn.Dropout]))
    inner = nn.Sequential(
        nn.Linear(width, hidden, bias=draw(st.booleans())),
        draw(functions()),
        nn.Linear(hidden, width),
        norm(width) if norm is not nn.Dropout else nn.Dropout(),
    )
    return Residual(inner) if draw(st.booleans()) else inner


@st.composite
def image_layers(draw: st.DrawFn, channels: int) -> nn.Module:
    kernel = draw(st.sampled_from([1, 3]))
    groups = draw(st.sampled_from([1, channels]))
    same = nn.Conv2d(channels, channels, kernel, padding=kernel // 2, groups=groups)
    inner = nn.Sequential(same, nn.BatchNorm2d(channels), draw(functions()))
    pools = [
        nn.Identity(),
        nn.MaxPool2d(2, ceil_mode=True),
        nn.AvgPool2d(3, stride=1, padding=1),
        nn.ConvTranspose2d(channels, channels, 2, stride=2),
        nn.Conv2d(channels, channels, 3, stride=2, padding=1),
    ]
    whole = Residual(inner) if draw(st.booleans()) else inner
    return nn.Sequential(whole, draw(st.sampled_from(pools)))


@pytest.mark.slow
@given(st.lists(modules(), min_size=1, max_size=4))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_random_modules(several: list[tuple[nn.Module, Shape]]) -> None:
    agree_each({str(i): case for i, case in enumerate(several)}, -2, 2)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_way_through_onnx_leads_to_the_same_function(tmp_path: Path) -> None:
    for module, shape in [
        (nn.Sequential(Image(4, 6), nn.BatchNorm1d(48), Twice(48, 5), nn.Softmax(-1)), (1, 24)),
        (nn.Sequential(nn.Conv1d(2, 3, 3), nn.LeakyReLU(), nn.MaxPool1d(2)), (1, 2, 9)),
    ]:
        trained(module).eval()
        path = tmp_path / "net.onnx"
        torch.onnx.export(module, (torch.zeros(shape),), path, dynamo=False)
        ours, theirs = read_module(module, torch.zeros(shape)), read_network(path)
        x = np.random.default_rng(2).normal(size=(4, *shape))
        np.testing.assert_allclose(evaluate(ours, x), evaluate(theirs, x), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_modules_of_other_types_are_read_exactly(dtype: torch.dtype) -> None:
    module = trained(nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.LayerNorm(5), nn.Softmax(-1)))
    agree(module.to(dtype), (1, 4))


def test_indices_are_computed_as_the_module_computes_them() -> None:
    """In float32 7 (4 / 7) is 4, in float64 less."""

    def picked(x: torch.Tensor) -> torch.Tensor:
        scale = torch.tensor(4.0) / 7
        return x[:, (torch.arange(8) * scale).long()]

    module = Computes(picked)
    x = torch.arange(5.0)[None]
    network = read_module(module, x)
    assert evaluate(network, x.double().numpy()[None])[0].tolist() == picked(x).tolist()


class Counting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.count += 1
        return x * self.count


def rounded(x: torch.Tensor) -> torch.Tensor:
    return x.half().float()


def accumulated(x: torch.Tensor) -> torch.Tensor:
    return x.index_put((torch.tensor([0]), torch.tensor([1])), x[0, 0], accumulate=True)


class Several(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x.cumsum(1)
        z = torch.where(x > 0, y, x)
        return z + F.softplus(x) + x // 3 + x.sort(1).values


def unsupported(module: nn.Module, *shape: int) -> str:
    with pytest.raises(UnsupportedError) as caught:
        read_module(module, torch.zeros(shape or (1, 4)))
    return str(caught.value)


def test_all_that_is_not_supported_is_named_at_once_with_its_line() -> None:
    text = unsupported(nn.Sequential(nn.Linear(4, 4), Several(), nn.Softplus()))
    start = inspect.getsourcelines(Several.forward)[1]
    assert text.startswith("Sequential needs 6 things that are not supported:")
    for kind, line in [("cumsum", 1), ("gt", 2), ("softplus", 3), ("div", 3), ("sort", 3)]:
        assert f"node {kind} (aten.{kind}, 1, {__file__}:{start + line})" in text
    assert "node softplus_1 (aten.softplus, 2, " in text


@pytest.mark.parametrize(
    ("module", "shape", "message"),
    [
        (Computes(lambda x: x if x.sum() > 0 else -x), (1, 4), "torch.export cannot follow"),
        (Computes(lambda x: (x, x)), (1, 4), "not one tensor"),  # type: ignore[arg-type, return-value]
        (Computes(lambda x: x + torch.rand(4)), (1, 4), r"aten.rand, .* with random numbers"),
        (Computes(lambda x: x.max(1).indices), (1, 4), "with result 2"),
        (Computes(lambda x: x * torch.inf), (1, 4), "with NaN or infinity in a constant"),
        (Computes(lambda x: (-2) ** x), (1, 4), "powers of -2"),
        (Computes(lambda x: x.norm(p=3)), (1, 4), "order 3"),
        (Computes(lambda x: x.div(2, rounding_mode="trunc")), (1, 4), "rounding_mode trunc"),
        (Computes(lambda x: (x == 0) * x), (1, 4), "a result that is true or false"),
        (nn.AvgPool2d(2, divisor_override=3), (1, 1, 4, 4), "divisor_override 3"),
        (Computes(accumulated), (1, 4), "accumulate"),
        (Computes(rounded), (1, 4), "with a result of torch.float16"),
        (Counting(), (1, 4), "changes buffer count"),
        (nn.AdaptiveAvgPool2d(3), (1, 1, 4, 4), "with windows of several sizes"),
        (nn.Conv3d(1, 1, 1), (1, 1, 2, 2, 2), "3 axes of space"),
        (nn.LSTM(4, 3), (5, 1, 4), "not one tensor"),
    ],
)
def test_what_is_not_supported(module: nn.Module, shape: Shape, message: str) -> None:
    assert re.search(message, unsupported(module, *shape))


@pytest.mark.parametrize(
    "kind",
    [
        *(torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16),
        *(torch.bool, torch.float16, torch.bfloat16, torch.complex64),
    ],
    ids=str,
)
def test_computed_numbers_are_not_passed_through_casts(kind: torch.dtype) -> None:
    def cast(x: torch.Tensor) -> torch.Tensor:
        y = (3 * x).to(kind)
        return (y.real if kind == torch.complex64 else y).to(x.dtype) + x

    module = Computes(cast)
    with pytest.raises(UnsupportedError, match=str(kind)):
        read_module(module, torch.tensor([[0.3, 0.7, 1.2]]))


CONSTANTS: dict[str, Function] = {
    "int8": lambda x: x * torch.tensor([2.7, -2.7, 0.9]).to(torch.int8),
    "uint8 that wraps": lambda x: x * (torch.tensor([200, 100, 3], dtype=torch.uint8) * 2),
    "int32 that wraps": lambda x: x * (torch.tensor([2**30, 1, 3], dtype=torch.int32) * 4),
    "bool": lambda x: x * torch.tensor([2.7, 0.0, -1.0]).bool(),
    "half": lambda x: x * torch.tensor([0.1, 0.2, 70.3]).half(),
    "full of integers": lambda x: x * torch.full_like(x, 2.7, dtype=torch.int32) / 2,
    "floor of a quotient": lambda x: x * (torch.tensor([-7, 7, 8]) // 2),
    "truncated quotient": lambda x: x * torch.tensor([-7, 7, 8]).div(2, rounding_mode="trunc"),
    "remainder": lambda x: x * (torch.tensor([-7, 7, 8]) % 3),
}


def test_constants_are_cast_and_wrap_as_in_torch() -> None:
    x = torch.tensor([[0.3, 0.7, 1.2]])
    for name, function in CONSTANTS.items():
        network = read_module(Computes(function), x)
        ours = evaluate(network, x.double().numpy()[None])[0]
        np.testing.assert_allclose(ours, function(x).double().numpy(), rtol=1e-6, err_msg=name)


def test_arguments_that_are_not_known_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation with an argument more than its translation, as a later torch may have it."""

    def narrow(site: object, x: object) -> object:
        return x

    monkeypatch.setattr(reading, "OPERATIONS", {**reading.OPERATIONS, "gelu": narrow})
    with pytest.raises(UnsupportedError, match="arguments that are not known"):
        read_module(nn.GELU("tanh"), torch.zeros(1, 3))


def test_examples_that_do_not_fit() -> None:
    with pytest.raises(InputError, match=r"shape \(1, 5\) that Linear cannot run"):
        read_module(nn.Linear(4, 3), torch.zeros(1, 5))
    with pytest.raises(InputError, match=r"an example of torch\.int64, expected real numbers"):
        read_module(nn.Linear(4, 3), torch.zeros(1, 4, dtype=torch.int64))
    assert "without entries" in unsupported(nn.Linear(4, 3), 0, 4)


def test_the_module_is_as_it_was() -> None:
    parts = [nn.BatchNorm1d(4), nn.Dropout(), nn.BatchNorm1d(4), Counting()]
    for count in (3, 4):  # the last one is not supported
        module = nn.Sequential(*parts[:count]).train()
        module[1].eval()
        modes = [part.training for part in module.modules()]
        before = copy.deepcopy(module.state_dict())
        example = torch.ones(2, 4)
        if count == 3:
            read_module(module, example)
            run_module(module, np.ones((2, 4)))
        else:
            unsupported(module, 2, 4)
        assert [part.training for part in module.modules()] == modes
        assert all(torch.equal(module.state_dict()[name], before[name]) for name in before)
        assert torch.equal(example, torch.ones(2, 4))


@pytest.mark.slow
def test_a_network_that_is_not_the_module_is_an_error() -> None:
    module, other = nn.Linear(3, 2).eval(), nn.Linear(3, 2).eval()
    point = torch.zeros(1, 3)
    network = read_module(module, point)
    program = exported(module, point)
    check_module(network, module, program, point)
    with pytest.raises(ImportMismatchError, match="differs from the module"):
        check_module(network, other, program, point)
    operation = network.nodes[1].operation
    assert isinstance(operation, Dense)
    weight = operation.weight.copy()
    weight[0, 0] *= 1 + 1e-9  # which float32 does not show
    node = replace(network.nodes[1], operation=replace(operation, weight=weight))
    near = replace(network, nodes=(network.nodes[0], node))
    with pytest.raises(ImportMismatchError, match="differs from its exported graph"):
        check_module(near, module, program, point)


def test_a_property_of_a_module_is_proved_or_refuted() -> None:
    """|x| <= 1 as relu(x) + relu(-x), on [-1, 1]; and < 0.9, which is wrong."""
    absolute = Computes(lambda x: torch.relu(x) + torch.relu(-x))
    network = read_module(absolute, torch.zeros(1))
    replay = partial(run_module, absolute)
    beyond = specification([-1.0], [1.0], [([0.0], [-1.0], -1.001, False)])
    assert isinstance(verify(network, beyond, replay=replay), Proved)
    within = specification([-1.0], [1.0], [([0.0], [-1.0], -0.9, False)])
    verdict = verify(network, within, replay=replay)
    assert isinstance(verdict, Refuted)
    assert run_module(absolute, verdict.x).item() >= 0.9


def test_torch_is_loaded_for_modules_only() -> None:
    code = "import sys, abduce.verify as v; v.read_network; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
