"""Pieces on a Ray cluster, which must share the folder of the run."""

from collections.abc import Generator
from typing import Any

from cislens.errors import UserError
from cislens.jobs import work
from cislens.jobs.plan import Piece
from cislens.jobs.queue import Queue
from cislens.jobs.work import Outcome


def outcomes(
    folder: str, queue: Queue, *, workers: int, address: str, gpus: float
) -> Generator[Piece | Outcome, None, None]:
    """Give each piece as it starts and its outcome as it ends.

    A piece is sent to the cluster when one of ``workers`` places is free, so that "running" means
    what it says; an address of "" starts Ray on this machine and ends it afterwards.
    """
    ray = _ray()
    _join(ray, address, workers)
    try:
        task = ray.remote(work.perform).options(num_cpus=1, num_gpus=gpus, max_retries=0)
        busy: dict[Any, Piece] = {}
        while True:
            while len(busy) < workers and (piece := queue.take()):
                busy[task.remote(folder, piece)] = piece
                yield piece
            if not busy:
                return
            ended, _ = ray.wait(list(busy), num_returns=1)
            for reference in ended:
                piece = busy.pop(reference)
                try:
                    outcome = ray.get(reference)
                except ray.exceptions.RayError as error:
                    outcome = Outcome(piece.identity, "dead", str(error).splitlines()[0])
                yield outcome
    finally:
        if not address:
            ray.shutdown()


def _ray() -> Any:  # noqa: ANN401 - an extra that an installation may lack
    try:
        import ray
    except ImportError as error:
        raise UserError(
            "executor='ray': Ray is not installed; pip install 'cislens[cluster]', or take "
            "executor 'processes'"
        ) from error
    return ray


def _join(ray: Any, address: str, workers: int) -> None:  # noqa: ANN401
    try:
        if address:
            ray.init(address=address, log_to_driver=False, ignore_reinit_error=True)
        else:
            ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise UserError(
            f"address={address!r}: no Ray cluster answers ({str(error).splitlines()[0]}); give "
            "that of a running head, such as 10.0.0.1:6379, or none for this machine"
        ) from error
