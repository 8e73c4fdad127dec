"""The steps of the pipeline: pure functions, one folder a step, Beam only in `ptransforms`."""
