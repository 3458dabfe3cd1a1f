"""The steps of the main job, each a function that reads files and writes a run folder."""
