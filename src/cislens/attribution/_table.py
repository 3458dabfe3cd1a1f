"""Which rule each function of torch has."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional

from cislens.attribution import _recurrent, _rewrites, _slopes
from cislens.attribution._calls import Value
from cislens.attribution._pointwise import KINKED, SMOOTH, Pointwise, Product
from cislens.attribution._rules import LINEAR, BatchNorm, Path, Picking, Rewrite, Rule
from cislens.attribution._selections import Max, MaxPool, Softmax, Where

HOMES: tuple[Value, ...] = (
    functional,
    torch,
    torch.Tensor,
    torch.special,
    torch.linalg,
    torch.fft,
    torch._C._nn,
)

# Not in the stubs of torch: what functional.threshold calls.
_THRESHOLD: Callable[..., Tensor] = vars(functional)["_threshold"]

_LINEAR = """
add sub subtract rsub __add__ __radd__ __sub__ __rsub__ neg negative positive sum nansum mean
nanmean cumsum diff trapezoid trapz cat concat concatenate stack hstack vstack dstack column_stack
split split_with_sizes tensor_split hsplit vsplit chunk unbind reshape view view_as reshape_as
flatten unflatten ravel permute transpose t swapaxes swapdims movedim moveaxis adjoint squeeze
unsqueeze expand expand_as broadcast_to broadcast_tensors repeat repeat_interleave tile flip fliplr
flipud roll rot90 narrow select diagonal diag diag_embed tril triu unfold fold as_strided pad
constant_pad_nd avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d
adaptive_avg_pool3d interpolate upsample pixel_shuffle pixel_unshuffle channel_shuffle dropout
dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout one_hot detach clone contiguous
to type type_as float double half bfloat16 cpu cuda requires_grad_ add_ sub_ neg_ zero_ fill_ copy_
detach_ zeros_like ones_like empty_like full_like rand_like randn_like new_zeros new_ones new_empty
new_full new_tensor real imag rfft irfft fft ifft squeeze_ unsqueeze_ t_ transpose_ resolve_conj
resolve_neg alias view_copy align_to rename argmax argmin size dim ndimension numel nelement stride
is_floating_point is_contiguous item tolist numpy is_complex data_ptr storage_offset element_size
get_device __len__ __repr__ __format__ isnan isinf isfinite eq ne lt le gt ge equal allclose any
all logical_not logical_and logical_or
"""
_PICKING = """
index_select gather take take_along_dim masked_select embedding __getitem__ __setitem__
masked_scatter index_add scatter_add index_copy
"""
_SMOOTH = """
gelu silu mish softplus softsign tanhshrink logsigmoid log_sigmoid sigmoid expit tanh sin cos tan
asin acos atan arcsin arccos arctan sinh cosh asinh acosh atanh arcsinh arccosh arctanh erf erfc
erfinv erfcx lgamma digamma polygamma logit sinc ndtr log_ndtr ndtri i0 i0e i1 i1e gammaln psi pow
__pow__ __rpow__ float_power deg2rad xlogy
"""
_KINKED = """
relu6 leaky_relu prelu rrelu hardtanh hardswish hardsigmoid hardshrink softshrink threshold clamp
clip clamp_min clamp_max abs absolute __abs__ round floor ceil trunc fix sign sgn frac selu elu celu
heaviside nan_to_num fmod remainder
"""


def functions(names: str) -> Iterator[Callable[..., Value]]:
    """Find the functions and methods of these names wherever torch has them."""
    for name in names.split():
        for home in HOMES:
            found = getattr(home, name, None)
            if callable(found):
                yield found


def _rewritten() -> dict[str, Callable[..., Value]]:
    """Pair names with the simpler calls they are written as."""
    return {
        "div divide true_divide __truediv__ __div__": _rewrites.divide,
        "__rtruediv__ __rdiv__": _rewrites.divide_into,
        "maximum fmax": _rewrites.maximum,
        "minimum fmin": _rewrites.minimum,
        "amax": _rewrites.amax,
        "amin": _rewrites.amin,
        "max": _rewrites.largest,
        "min": _rewrites.smallest,
        "masked_fill": _rewrites.masked_fill,
        "glu": _rewrites.glu,
        "var": _rewrites.variance,
        "std": _rewrites.deviation,
        "var_mean": _rewrites.variance_mean,
        "std_mean": _rewrites.deviation_mean,
        "vector_norm": _rewrites.vector_norm,
        "layer_norm": _rewrites.layer_norm,
        "rms_norm": _rewrites.rms_norm,
        "group_norm": _rewrites.group_norm,
        "instance_norm": _rewrites.instance_norm,
        "scaled_dot_product_attention": _rewrites.attention,
        "cosine_similarity": _rewrites.cosine_similarity,
        "lerp": _rewrites.lerp,
        "addcdiv": _rewrites.addcdiv,
        **_recurrent.CELLS,
    }


def _table() -> dict[Callable[..., Value], Rule | Rewrite]:
    rules: dict[str, Rule | Rewrite] = {
        _LINEAR: LINEAR,
        _PICKING: Picking(),
        _SMOOTH: SMOOTH,
        _KINKED: KINKED,
        "mul multiply __mul__ __rmul__": Product(elementwise=True),
        "matmul __matmul__ __rmatmul__ mm bmm mv dot vdot inner outer ger einsum tensordot kron "
        "baddbmm addbmm addmm addmv addr linear bilinear conv1d conv2d conv3d conv_transpose1d "
        "conv_transpose2d conv_transpose3d multi_dot chain_matmul": Product(),
        "batch_norm": BatchNorm(),
        "addcmul": Path(2),
        "prod": Path(16),
        "where": Where(),
        "softmax": Softmax("softmax"),
        "log_softmax": Softmax("log_softmax"),
        "logsumexp": Softmax("logsumexp"),
    }
    rules |= {name: Pointwise(slope=slope) for name, slope in _slopes.SLOPES.items()}
    rules |= {name: Rewrite(simpler) for name, simpler in _rewritten().items()}
    for axes in (1, 2, 3):
        for adaptive in (False, True):
            name = f"{'adaptive_' if adaptive else ''}max_pool{axes}d"
            rules[name] = MaxPool(axes, adaptive)
            rules[f"{name}_with_indices"] = MaxPool(axes, adaptive, with_indices=True)
    table = {f: rule for names, rule in rules.items() for f in functions(names)}
    return {**table, _rewrites.max_along: Max(), _THRESHOLD: KINKED}


RULES: dict[Callable[..., Value], Rule | Rewrite] = _table()
"""Rules by function; add one by ``RULES[function] = rule``."""


def _in_place() -> dict[Callable[..., Value], Callable[..., Value]]:
    """Pair functions that overwrite their first tensor with those that do not."""
    pairs = {}
    for home in HOMES:
        for name in dir(home):
            plain = name.replace("__i", "__", 1) if name.startswith("__i") else name[:-1]
            overwrites = name.endswith("_") and not name.endswith("__")
            overwrites = overwrites or (name.startswith("__i") and name.endswith("__"))
            if overwrites and callable(getattr(home, name)) and hasattr(home, plain):
                pairs[getattr(home, name)] = getattr(home, plain)
    return pairs


IN_PLACE = _in_place()
