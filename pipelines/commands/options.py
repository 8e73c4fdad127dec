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

KEY_FILE_OPTION = click.option(
    "--key-file",
    metavar="FILE",
    help="The key, 32 random bytes or more in hexadecimal or Base64.",
)

KEY_SECRET_OPTION = click.option(
    "--key-secret",
    metavar="NAME",
    help="The key's name in Secret Manager: projects/P/secrets/S/versions/V.",
)
