"""Keys: two spellings, three places, and none that could be guessed."""

import base64
import os
import pickle
from pathlib import Path
from threading import Thread

import pytest

from pipelines.keys import find_key
from tests.keys import HEX_KEY
from transforms.keys import KeyProblemError, KeySource, parse_key

KEY = bytes.fromhex(HEX_KEY)


@pytest.mark.parametrize(
    "text",
    [KEY.hex().encode(), KEY.hex().upper().encode() + b"\n", base64.b64encode(KEY) + b"\r\n"],
)
def test_a_key_is_hexadecimal_or_base64(text: bytes) -> None:
    assert parse_key(text) == KEY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "short"),
        (KEY[:31].hex().encode(), "short"),
        (b"correct horse battery staple, twice", "neither"),
        (b"00" * 32, "guessed"),
        (b"0123456789abcdef" * 4, "guessed"),
        (base64.b64encode(b"a passphrase of more than 32 letters"), "guessed"),
        (b"\xff\xfe" * 20, "neither"),
    ],
)
def test_a_weak_key_is_refused_without_being_shown(text: bytes, why: str) -> None:
    with pytest.raises(KeyProblemError, match=why) as caught:
        parse_key(text)
    assert not text or text.decode("latin-1") not in str(caught.value)


def test_the_repr_of_a_source_does_not_show_the_key() -> None:
    assert "9f2c" not in repr(KeySource(KEY))
    assert repr(KEY) not in repr(KeySource(KEY))


def test_a_key_is_found_in_a_file_or_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY.hex() + "\n")
    in_file = find_key(str(tmp_path / "key"), None, {})
    in_environment = find_key(None, None, {"CRASHVEIL_KEY": KEY.hex()})
    assert in_file is not None
    assert in_environment is not None
    assert in_file.load() == in_environment.load() == KEY
    assert find_key(None, None, {"CRASHVEIL_KEY": ""}) is None


def test_what_a_job_carries_of_a_key_in_a_file_is_its_path(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY.hex() + "\n")
    carried = pickle.dumps(find_key(str(tmp_path / "key"), None, {}))
    assert KEY not in carried
    assert KEY.hex().encode() not in carried
    assert pickle.loads(carried).load() == KEY  # noqa: S301 - as a worker does
    assert KEY in pickle.dumps(find_key(None, None, {"CRASHVEIL_KEY": KEY.hex()}))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_key_comes_through_a_pipe_and_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(KEY.hex().encode(),))
    writer.start()
    found = find_key(str(pipe), None, {})
    writer.join()
    assert found == KeySource(KEY)


def test_an_error_names_the_place_and_not_the_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("5ec9e7")
    with pytest.raises(KeyProblemError, match="the key of --key-file is too short") as caught:
        find_key(str(tmp_path / "key"), None, {})
    assert "5ec9e7" not in str(caught.value)
    with pytest.raises(KeyProblemError, match="--key-file cannot be read: No such file"):
        find_key(str(tmp_path / "absent"), None, {})
    with pytest.raises(KeyProblemError, match="more than once: --key-file, CRASHVEIL_KEY"):
        find_key(str(tmp_path / "key"), None, {"CRASHVEIL_KEY": KEY.hex()})
