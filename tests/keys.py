"""The key of all tests that need a good one."""

from transforms.keys import KeySource

HEX_KEY = "9f2c51e07ab3d46815fd8e3790c2ab446d1e70f3825b9c04e7a6d81f3b5c92ea"
KEY = KeySource(bytes.fromhex(HEX_KEY))
