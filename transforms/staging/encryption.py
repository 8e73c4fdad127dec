"""Files of lines, encrypted: Parquet with modular encryption (AES-GCM).

The data keys of a file stand in it, wrapped with a key that is derived from the run's.
"""

import base64
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from transforms.aggregate import keyed_hash

_COLUMN = "record"


class StagingError(Exception):
    """A staging area that cannot be read with this key, or at all; one line."""


class _DerivedKeys(pe.KmsClient):  # type: ignore[misc]  # pyarrow has no types
    """Wraps a file's data keys with a key that is derived from the run's (RFC 3394)."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        return base64.b64encode(aes_key_wrap(self._master(master_key_identifier), key_bytes))

    def unwrap_key(self, wrapped_key: str, master_key_identifier: str) -> bytes:
        wrapped = base64.b64decode(wrapped_key)
        return aes_key_unwrap(self._master(master_key_identifier), wrapped)

    def _master(self, identifier: str) -> bytes:
        return keyed_hash(self._key, "staging", identifier)


def encrypted(lines: list[str], key: bytes, identifier: str) -> bytes:
    """Return an encrypted file of lines; `identifier` tells the key that is derived for it."""
    configuration = pe.EncryptionConfiguration(footer_key=identifier, uniform_encryption=True)
    factory = pe.CryptoFactory(lambda _: _DerivedKeys(key))
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), configuration)
    sink = io.BytesIO()
    table = pa.table({_COLUMN: pa.array(lines, pa.string())})
    with pq.ParquetWriter(
        sink, table.schema, compression="zstd", encryption_properties=properties
    ) as writer:
        writer.write_table(table)
    return sink.getvalue()


def decrypted(content: bytes, key: bytes, path: str) -> list[str]:
    """Return the lines of an encrypted file; `path` is what an error calls it.

    Raises:
        StagingError: the key is another one, or the file is damaged.
    """
    factory = pe.CryptoFactory(lambda _: _DerivedKeys(key))
    try:
        properties = factory.file_decryption_properties(pe.KmsConnectionConfig())
        table = pq.read_table(
            io.BytesIO(content), decryption_properties=properties, use_threads=False
        )
        lines: list[str] = table.column(_COLUMN).to_pylist()
    except Exception as error:
        raise StagingError(
            f"staged file {path} cannot be read with this key, or is damaged: take the key that "
            "it was written with, or restore it"
        ) from error
    return lines
