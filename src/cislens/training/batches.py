"""Batches of one epoch after another, in an order that seed and epoch alone decide."""

import itertools
from collections.abc import Iterator

import lightning.pytorch as lightning

from cislens.data import profile_sampling, sampling
from cislens.data.dataset import SequenceView
from cislens.training.track import Track


class Batches:
    """Batches for Lightning, which takes any iterable that has a length.

    Lightning starts an iteration more than once an epoch and not equally often after a resume, so
    the epoch is asked for rather than counted. In training a last batch of a single sequence is
    left out: batch norm cannot be trained on it.

    Parameters
    ----------
    view
        The sequences to serve.
    track
        Knows which epoch it is.
    batch_size
        Sequences a batch, on each device.
    seed
        Seed of the orders; None serves the sequences as stored, for validation.
    order
        Which sequences an epoch has; all of them in an order of the seed where it is not given.
    rank
        Number of this device, from 0.
    devices
        Number of devices, each of which gets every so many-th batch.
    """

    def __init__(
        self,
        view: SequenceView,
        track: Track,
        *,
        batch_size: int,
        seed: int | None = None,
        order: sampling.EpochOrder | None = None,
        rank: int = 0,
        devices: int = 1,
    ) -> None:
        shuffle = seed is not None
        if view.dataset.profile:
            self._loader = profile_sampling.loader(
                view, batch_size=batch_size, shuffle=shuffle, seed=seed or 0
            )
        else:
            self._loader = sampling.loader(
                view, batch_size=batch_size, shuffle=shuffle, seed=seed or 0, order=order
            )
        sequences = len(self._loader.sampler)  # type: ignore[arg-type]
        self._track, self._rank, self._devices = track, rank, devices
        is_single = shuffle and batch_size > 1 and sequences % batch_size == 1
        self._batches = (len(self._loader) - is_single) // devices

    def __len__(self) -> int:
        return self._batches

    def __iter__(self) -> Iterator[sampling.Batch | profile_sampling.ProfileBatch]:
        order = self._loader.sampler
        assert isinstance(order, sampling.EpochOrder)
        order.set_epoch(self._track.epoch)
        end = self._batches * self._devices
        return itertools.islice(self._loader, self._rank, end, self._devices)


class FitData(lightning.LightningDataModule):
    """Training and validation batches of one fit.

    Parameters
    ----------
    train
        Training sequences, shared among the devices.
    validation
        Validation sequences, all of them for each device.
    track
        Knows which epoch it is.
    batch_size
        Sequences a batch, on each device.
    seed
        Seed of the order of training sequences.
    order
        Which training sequences an epoch has; all of them where it is not given.
    """

    def __init__(
        self,
        train: SequenceView,
        validation: SequenceView,
        track: Track,
        *,
        batch_size: int,
        seed: int,
        order: sampling.EpochOrder | None = None,
    ) -> None:
        super().__init__()
        self._order = order
        self._train, self._validation, self._track = train, validation, track
        self._batch_size, self._seed = batch_size, seed

    def train_dataloader(self) -> Batches:
        """Serve this device's share of the training sequences.

        Returns
        -------
        Batches
            Shuffled anew each epoch.
        """
        assert self.trainer is not None
        return Batches(
            self._train,
            self._track,
            batch_size=self._batch_size,
            seed=self._seed,
            order=self._order,
            rank=self.trainer.global_rank,
            devices=self.trainer.world_size,
        )

    def val_dataloader(self) -> Batches:
        """Serve the validation sequences.

        Returns
        -------
        Batches
            In stored order.
        """
        return Batches(self._validation, self._track, batch_size=self._batch_size)
