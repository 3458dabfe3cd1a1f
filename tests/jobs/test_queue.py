"""The order in which pieces are taken."""

from cislens.jobs import plan
from cislens.jobs.plan import Piece
from cislens.jobs.queue import Queue


def test_pieces_come_in_order_and_after_what_they_need(grid):
    first = Piece("m:f", {}, needs=(grid[2],))
    queue = Queue(plan.complete([grid[0], first, grid[1]]), done=[grid[0].identity])
    assert len(queue) == 3
    assert queue.take() is grid[2]
    assert queue.take() is grid[1]
    assert queue.take() is None
    assert queue.rest() == [first]
    queue.finish(grid[2].identity)
    assert queue.take() is first
    assert queue.take() is None
    assert queue.rest() == []
