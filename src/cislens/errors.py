"""The one error type for everything a user can mend."""


class UserError(ValueError):
    """Input that the user can mend.

    The message is one sentence: the parameter or file and what was got, what is wanted, and the
    nearest remedy. The command line prints it without a traceback and exits with 2.
    """
