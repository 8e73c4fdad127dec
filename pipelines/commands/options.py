"""Options that several commands have."""

import click

POLICY_OPTION = click.option(
    "--policy",
    default="default",
    show_default=True,
    metavar="FILE|NAME",
    help="A shipped policy (default, small-fleet, dp, development) or a YAML file.",
)

NLP_OPTION = click.option(
    "--nlp",
    metavar="ENGINE:MODEL",
    help="A language model that also reads prose for names: spacy:MODEL, stanza:MODEL, "
    "transformers:MODEL or gliner:MODEL; no_op for none. In place of the policy's nlp.",
)
