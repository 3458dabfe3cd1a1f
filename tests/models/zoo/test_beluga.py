"""The published sizes of Beluga."""

from cislens.models.zoo import beluga


def test_for_2000_bp(trace):
    weights, shapes = trace(beluga.build, input_length=2000, outputs=2002)
    kernels = 8 * (4 * 320 + 320 * 320 + 320 * 480 + 480 * 480 + 480 * 640 + 640 * 640)
    biases = 2 * (320 + 480 + 640) + 2003 + 2002
    assert weights == kernels + biases + 67_840 * 2003 + 2003 * 2002
    assert [shapes[f"layer{n}"] for n in range(1, 7)] == [
        (320, 1993),
        (320, 496),
        (480, 489),
        (480, 120),
        (640, 113),
        (640, 106),
    ]
    assert shapes["dense1"] == (2003,)
    assert shapes["output"] == (2002,)
