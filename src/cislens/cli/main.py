"""Find the verb, read its options, print errors that a user can mend without a traceback."""

import importlib
import os
import select
import sys
from collections.abc import Sequence

import cislens
from cislens.errors import UserError

VERBS = {
    "demo": "Plant motifs, train ReLU and exponential networks, report what each found.",
    "run": "The whole job from one YAML: data, training, motifs, report.",
    "simulate": "Make a dataset with planted truth.",
    "data fetch": "Get a published dataset by name.",
    "data import": "Turn FASTA, a table or an HDF5 bundle into a dataset.",
    "data build": "Cut a genome into bins, or windows around peaks, and label them by peaks.",
    "data signal": "Count aligned reads (BAM) along the genome and write bigWig.",
    "data inspect": "Print and plot what is in a dataset: letters, labels, splits, repeats.",
    "data export": "Write a dataset as HDF5, NPZ or FASTA.",
    "train": "Train networks on a dataset.",
    "predict": "Predict sequences with a trained model.",
    "evaluate": "Score a run's models on held-out sequences.",
    "filters": "Turn first-layer filters into motifs and name them.",
    "attribute": "Make base-resolution maps of what models see in sequences.",
    "discover": "Find the motifs that maps show: seqlets, clusters, names.",
    "hits": "Find where discovered motifs act, with FIMO's matches beside.",
    "merge": "Put the motifs of filters and maps, of networks and seeds, into one table.",
    "compare": "Hold trainings on the same data against each other: with a prior, over seeds.",
    "report": "Write a run folder's report.html.",
    "benchmark run": "Rerun a published experiment, piece by piece.",
    "benchmark status": "Say how far a benchmark is.",
    "benchmark report": "Write the page of a benchmark: our numbers beside the published.",
}
EXAMPLES = ("demo", "run examples/ctcf.yaml", "train --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        The words after `cislens`; those of the process where they are not given.

    Returns
    -------
    int
        Exit status: 0 done, 2 something the user can mend, 130 interrupted, 141 (as the shell has
        it) if whoever reads the output, such as `head`, has gone.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _dispatch(words)
        sys.stdout.flush()
        return status
    except UserError as error:
        print(f"cislens: {error}", file=sys.stderr)
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _unread():
            return 141
        print(f"cislens: {error.filename or 'file'}: {error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("cislens: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    return 2


def _unread() -> bool:
    """Tell whether nobody reads the output any more; if so, have the rest of it go nowhere."""
    try:
        output = sys.stdout.fileno()
    except OSError:
        return False
    # A failed flush may drop what it could not write, so that a second one says nothing.
    poll = select.poll()
    poll.register(output, select.POLLOUT)
    gone = any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    return gone


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_overview())
        return 0
    if words[0] == "--version":
        print(f"cislens {cislens.__version__}")
        return 0
    if group := _group(words):
        print(_overview(group))
        return 0
    verb, rest = _split_verb(words)
    module = importlib.import_module(f"cislens.cli.{verb.replace(' ', '_')}")
    options_reader = importlib.import_module("cislens.cli.options_reader")
    options = options_reader.read(
        verb,
        module.OPTIONS,
        rest,
        positional=module.POSITIONAL,
        description=VERBS[verb],
        examples=module.EXAMPLES,
    )
    if options is not None:
        module.run(options)
    return 0


def _group(words: list[str]) -> str:
    """Name the group of verbs, such as "data ", whose help is asked for."""
    wanted = f"{words[0]} "
    asked = len(words) > 1 and words[1] in {"-h", "--help", "help"}
    return wanted if asked and any(verb.startswith(wanted) for verb in VERBS) else ""


def _split_verb(words: list[str]) -> tuple[str, list[str]]:
    for count in (2, 1):
        verb = " ".join(words[:count])
        if verb in VERBS:
            return verb, words[count:]
    if verbs := [f"`{verb}`" for verb in VERBS if verb.split()[0] == words[0]]:
        raise UserError(f"{words[0]}: {' or '.join(verbs)} is wanted; see `cislens --help`")
    nearest = importlib.import_module("difflib").get_close_matches(words[0], VERBS, n=1)
    remedy = f"did you mean `{nearest[0]}`?" if nearest else "see `cislens --help`"
    raise UserError(f"{words[0]!r} is no verb; known are {', '.join(VERBS)}; {remedy}")


def _overview(group: str = "") -> str:
    """List the verbs, or those of a group."""
    verbs = {verb: text for verb, text in VERBS.items() if verb.startswith(group)}
    width = max(map(len, verbs))
    rows = "\n".join(f"  {verb:<{width}}  {text}" for verb, text in verbs.items())
    usage = f"{group}VERB" if group else "VERB"
    examples = [f"{verb} --help" for verb in verbs] if group else EXAMPLES
    lines = "\n".join(f"  cislens {example}" for example in examples)
    return f"""cislens {cislens.__version__}: {cislens.__doc__}

usage: cislens {usage} [options]

{rows}

Examples:
{lines}

`cislens VERB --help` shows the options of a verb; each can be a flag or a key of a YAML file
given with --config."""
