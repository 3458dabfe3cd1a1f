"""Pieces that wait for their turn: in the order of the plan, and not before what they need."""

from collections.abc import Iterable, Mapping

from cislens.jobs.plan import Piece


class Queue:
    """Pieces to be done.

    Parameters
    ----------
    pieces
        The pieces under their identities, needed ones before those that need them.
    done
        Identities of pieces that need not be done.
    """

    def __init__(self, pieces: Mapping[str, Piece], done: Iterable[str]) -> None:
        self._done = set(done)
        self._waiting = {name: one for name, one in pieces.items() if name not in self._done}

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self) -> Piece | None:
        """Take the first piece whose needs are done.

        Returns
        -------
        Piece or None
            None where every piece that waits needs one that is not done.
        """
        for name, piece in self._waiting.items():
            if all(need.identity in self._done for need in piece.needs):
                return self._waiting.pop(name)
        return None

    def finish(self, identity: str) -> None:
        """Note that a piece is done; one that failed is not noted, and what needs it waits on.

        Parameters
        ----------
        identity
            Of the piece.
        """
        self._done.add(identity)

    def rest(self) -> list[Piece]:
        """List the pieces that wait.

        Returns
        -------
        list of Piece
            In the order of the plan.
        """
        return list(self._waiting.values())
