"""Options, and types of their values, that several commands have."""

from pathlib import Path
from typing import Any

import click


class LocalFolder(click.Path):
    """The type of a folder on this machine, where `gs://b/x` is not to be taken for `gs:/b/x`.

    `instead` is what to do with what is in a storage service.
    """

    def __init__(self, instead: str) -> None:
        super().__init__(path_type=Path)
        self._instead = instead

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the folder's path, or refuse its name."""
        # `transforms.storage` has the same test, but takes a while to be imported
        if "://" in str(value):
            self.fail(f"{value} is no folder on this machine: {self._instead}", param, ctx)
        if not str(value).strip():
            self.fail("names no folder", param, ctx)
        return super().convert(value, param, ctx)


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
