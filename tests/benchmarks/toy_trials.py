"""A piece that measures two numbers, or fails."""


def measure(options, place):
    """Give records that follow from the options."""
    if options["seed"] == options.get("bad"):
        raise ValueError("no luck")
    labels = {"model": options["model"], "seed": options["seed"]}
    return {
        "records": [
            {**labels, "metric": "size", "value": options["seed"] + len(options["model"])},
            {**labels, "metric": "rest", "value": None if options["seed"] else 0.25},
        ]
    }


PIECES = {"measure": measure}
