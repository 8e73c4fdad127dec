"""Names of functions, classes and files without what compilers, linkers and runtimes number anew.

A number or a digest in a name that changes from build to build, or from run to run, would make one
fault many. What is left names the same code.
"""

import re

_SUFFIXES_OF_COMPILERS = re.compile(
    r"(?:\s?\[clone\s[^\]]{1,64}\]"
    r"|\[abi:\w{1,64}\]"
    r"|\.(?:isra|part|constprop|cold|lto_priv|llvm|localalias|clone|__uniq)(?:\.\d{1,40})*"
    r"|\$(?:[0-9a-f]{32}|<HASH>)(?:\.cfi(?:_jt)?)?|\.cfi(?:_jt)?"
    r"|(?<=_block_invoke)(?:[._]\d{1,9})+"
    r"|::h[0-9a-f]{16})(?=[\[(<{$\s]|\.[a-z_]|::|$)"
    r"|\+0x[0-9a-f]{1,16}$"
    r"|(?<=\{closure)#\d{1,9}(?=\})|(?<=\{lambda)(?:\([^()]{0,255}\))?#\d{1,9}(?=\})"
    r"|(?<='lambda)\d{1,9}(?=')"
)
"""Of GCC (`-fipa-sra`, `-fpartial-inlining`, `-fipa-cp`, `-freorder-blocks-and-partition`), LLVM
(ThinLTO, `-funique-internal-linkage-names`, control-flow integrity, of which the scrubber may have
hidden the digest), Clang's blocks, the hash with which Rust's legacy mangling ends, and numbers of
closures."""

_NUMBERED_BY_RUNTIMES = re.compile(
    r"(?<=Generated)(?P<accessor>(?:Method|Constructor|SerializationConstructor)Accessor)\d+"
    r"|(?P<proxy>\$\$(?:EnhancerBy|FastClassBy)\w{1,64})\$\$[0-9a-f]{1,16}"
    r"|(?P<spring>\$\$SpringCGLIB)\$\$\d+"
    r"|(?P<jdk>\$Proxy)\d+"
    r"|(?P<buddy>\$ByteBuddy)\$\w{1,64}"
    r"|(?P<kotlin>\$lambda)(?:\$\d{1,9})+(?!\w)"
    r"|(?P<scala>\$anonfun\$\w{1,255}?)(?:\$\d{1,9})+(?!\w)"
    r"|(?P<javac>lambda\$\w{1,255}?)\$\d+\b"
    r"|(?P<desugared>-\$\$Lambda\$\w{1,255}?)\$[\w-]{1,64}"
    r"|(?P<synthetic>\$\$ExternalSyntheticLambda)\d+"
    r"|(?P<r8>\$r8\$lambda)\$[\w-]{1,64}"
    r"|(?P<closure><\w{0,255}>(?:d|b|c|c__DisplayClass))(?:__)?\d[\d_]*"
    r"|(?P<local>g__\w{1,255}\|)\d+_\d+"
)
"""Of Java: reflection's accessors, proxies of the JDK, CGLIB, Spring and Byte Buddy, what the
compilers of Java, Kotlin and Scala and R8 make of lambdas; hidden classes are folded where they are
parsed. Of C#: closures, iterators and local functions. A group is what stays."""

_BUNDLE_DIGEST = re.compile(
    r"[.-](?=[a-f]{0,39}\d)(?=\d{0,39}[a-f])[0-9a-f]{8,40}(?=(?:\.(?:chunk|bundle|min))?\.[cm]?js$)"
)
"""The digest that bundlers put into a script's name."""


def stable_symbol(name: str) -> str:
    """Return the name of a compiled function that all builds of its code share."""
    return _SUFFIXES_OF_COMPILERS.sub("", name)


def stable_member(name: str) -> str:
    """Return the name of a class or a method that all builds and runs of its code share."""
    return _NUMBERED_BY_RUNTIMES.sub(lambda found: found[found.lastgroup or 0], name)


def stable_script(file: str) -> str:
    """Return a script's file name without the digest of what is in it."""
    return _BUNDLE_DIGEST.sub("", file)
