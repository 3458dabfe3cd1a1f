"""Options of attribution methods: what each takes, by name and type."""

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from cislens.errors import UserError

Method = Literal[
    "saliency", "input_x_gradient", "smoothgrad", "integrated_gradients", "expected_gradients",
    "deeplift_shap", "ism", "taylor_ism", "occlusion",
]  # fmt: skip
References = Literal["zeros", "uniform", "frequency", "dinucleotide"]
Gauge = Literal["own", "local", "global", "hypothetical", "corrected", "taylor", "projected"]
Score = Literal[
    "difference", "new", "old", "log-odds", "new-log-odds", "old-log-odds", "deepsea"
]  # fmt: skip


@dataclass(frozen=True)
class Saliency:
    """Options of saliency.

    Attributes
    ----------
    absolute
        Drop the sign of the gradient.
    """

    absolute: bool = False


@dataclass(frozen=True)
class SmoothGrad:
    """Options of SmoothGrad.

    Attributes
    ----------
    samples
        Noisy copies of each sequence.
    deviation
        Standard deviation of the noise.
    """

    samples: int = 50
    deviation: float = 0.15


@dataclass(frozen=True)
class IntegratedGradients:
    """Options of integrated gradients.

    Attributes
    ----------
    references
        Where the lines begin: "zeros", "uniform" (1/4 of each base), "frequency" (the sequence's
        own composition) or "dinucleotide" (shuffles of the sequence).
    shuffles
        Number of shuffles, for "dinucleotide".
    steps
        Points on each line.
    """

    references: References = "zeros"
    shuffles: int = 20
    steps: int = 50


@dataclass(frozen=True)
class ExpectedGradients:
    """Options of expected gradients.

    Attributes
    ----------
    references
        What the sequences are compared with: "zeros", "uniform" (1/4 of each base), "frequency"
        (the sequence's own composition) or "dinucleotide" (shuffles of the sequence).
    shuffles
        Number of shuffles, for "dinucleotide".
    samples
        Random points on the line from each reference.
    """

    references: References = "dinucleotide"
    shuffles: int = 20
    samples: int = 5


@dataclass(frozen=True)
class DeepLiftShap:
    """Options of DeepLIFT and DeepSHAP.

    Attributes
    ----------
    references
        What the sequences are compared with: "zeros", "uniform" (1/4 of each base), "frequency"
        (the sequence's own composition) or "dinucleotide" (shuffles of the sequence).
    shuffles
        Number of shuffles, for "dinucleotide".
    strict
        Whether an operation of the network without a rule is an error and no note.
    """

    references: References = "dinucleotide"
    shuffles: int = 20
    strict: bool = False


@dataclass(frozen=True)
class Ism:
    """Options of in-silico mutagenesis.

    Attributes
    ----------
    score
        What is made of the output with a substitution and without; those of log-odds want
        probabilities.
    centred
        Subtract the mean over the four bases at each position.
    fast
        Compute windows of changed positions where the network allows it.
    """

    score: Score = "difference"
    centred: bool = False
    fast: bool = True


@dataclass(frozen=True)
class Occlusion:
    """Options of occlusion.

    Attributes
    ----------
    references
        What a window is replaced by: "zeros" (N), "uniform" (1/4 of each base), "frequency" (the
        sequence's own composition) or "dinucleotide" (shuffles of the sequence).
    shuffles
        Number of shuffles, for "dinucleotide".
    width
        Width of the window, in bp.
    stride
        Distance between windows, in bp.
    """

    references: References = "zeros"
    shuffles: int = 20
    width: int = 1
    stride: int = 1


@dataclass(frozen=True)
class MethodOptions:
    """A method, and the options of each that has some.

    Attributes
    ----------
    method
        How maps are made. Of the options below, only those of this method may be set.
    saliency
        Options of saliency.
    smoothgrad
        Options of SmoothGrad.
    integrated_gradients
        Options of integrated gradients.
    expected_gradients
        Options of expected gradients.
    deeplift_shap
        Options of DeepLIFT and DeepSHAP.
    ism
        Options of in-silico mutagenesis.
    occlusion
        Options of occlusion.
    """

    method: Method = "deeplift_shap"
    saliency: Saliency = field(default_factory=Saliency)
    smoothgrad: SmoothGrad = field(default_factory=SmoothGrad)
    integrated_gradients: IntegratedGradients = field(default_factory=IntegratedGradients)
    expected_gradients: ExpectedGradients = field(default_factory=ExpectedGradients)
    deeplift_shap: DeepLiftShap = field(default_factory=DeepLiftShap)
    ism: Ism = field(default_factory=Ism)
    occlusion: Occlusion = field(default_factory=Occlusion)

    def __post_init__(self) -> None:
        for item in fields(MethodOptions)[1:]:
            chosen = getattr(self, item.name)
            plain = type(chosen)()
            for option in fields(plain):
                value = getattr(chosen, option.name)
                if item.name != self.method and value != getattr(plain, option.name):
                    raise UserError(
                        f"{item.name}.{option.name}={value!r}: the method is {self.method}; "
                        f"give --method {item.name}, or an option of {self.method}"
                        f"{_listed(getattr(self, self.method, None))}"
                    )

    @property
    def own(self) -> dict[str, Any]:
        """List the options of the chosen method.

        Returns
        -------
        dict[str, Any]
            Values by name; empty for a method without options.
        """
        chosen = getattr(self, self.method, None)
        return {} if chosen is None else {o.name: getattr(chosen, o.name) for o in fields(chosen)}


def _listed(chosen: Any) -> str:  # noqa: ANN401
    if chosen is None:
        return ", which has none"
    return f" ({', '.join(option.name for option in fields(chosen))})"
