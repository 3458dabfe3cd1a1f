"""Tasks with planted truth, one file each."""
