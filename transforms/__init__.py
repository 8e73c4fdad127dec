"""The steps of the pipeline: pure functions, a folder or a module a step, Beam in `ptransforms`."""
