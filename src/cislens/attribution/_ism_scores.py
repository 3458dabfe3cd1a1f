"""What is made of the explained number with a substitution and without it.

References
----------
The scores of kipoi-interpret (Avsec et al. 2019, doi:10.1038/s41587-019-0140-0); "deepsea" is the
effect of Zhou & Troyanskaya 2015, doi:10.1038/nmeth.3547.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from cislens.errors import UserError


def _log_odds(probability: Tensor) -> Tensor:
    outside = (probability < 0) | (probability > 1)
    if outside.any():
        got = probability[outside].flatten()[0].item()
        raise UserError(
            f"score: log-odds want probabilities, the target gives {got:.4g}; give a target such "
            "as lambda outputs: outputs[:, 0].sigmoid(), or score='difference' for logits"
        )
    return torch.logit(probability)


def _log_odds_difference(new: Tensor, old: Tensor) -> Tensor:
    # Two that are both sure differ by nothing, and not by infinity minus infinity.
    return torch.where(new == old, torch.zeros_like(new), _log_odds(new) - _log_odds(old))


SCORES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "difference": lambda new, old: new - old,
    "new": lambda new, _: new,
    "old": lambda new, old: old.expand_as(new),
    "log-odds": _log_odds_difference,
    "new-log-odds": lambda new, _: _log_odds(new),
    "old-log-odds": lambda new, old: _log_odds(old).expand_as(new),
    "deepsea": lambda new, old: _log_odds_difference(new, old).abs() * (new - old).abs(),
}
"""Scores by name, of the explained number with the new base and with the old."""
DIFFERENCES = frozenset(("difference", "log-odds", "deepsea"))
"""Scores that are 0 for the base that stands there."""
