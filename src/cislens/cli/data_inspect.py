"""`cislens data inspect`: what is in a dataset."""

from cislens.pipeline import dataset_options

OPTIONS = dataset_options.Inspect
POSITIONAL = ("data",)
EXAMPLES = """  cislens data inspect peaks.zarr
  cislens data inspect peaks.zarr --out peaks.html"""


def run(chosen: dataset_options.Inspect) -> None:
    """Print what is in the dataset, and write the page if one is asked for.

    Parameters
    ----------
    chosen
        The options.
    """
    from cislens.pipeline import inspecting
    from cislens.report import dataset_page, dataset_text

    found = inspecting.run(chosen)
    print(dataset_text.write(found))
    if chosen.out is not None:
        print(dataset_page.render(found, chosen.out))
