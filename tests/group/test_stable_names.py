"""What builds and runs number anew in names, and what names the code."""

import pytest

from transforms.group.stable_names import stable_member, stable_script, stable_symbol

SYMBOLS = [
    ("foo.isra.0", "foo"),
    ("foo.part.431", "foo"),
    ("foo.constprop.3.cold", "foo"),
    ("foo.cold", "foo"),
    ("foo.clone.1", "foo"),
    ("foo.llvm.1234567890123456789", "foo"),
    ("ns::foo(int) [clone .isra.0]", "ns::foo(int)"),
    ("ns::foo(int) [clone .part.431] [clone .cold]", "ns::foo(int)"),
    ("stub$8d185785d173e702d91e2893e143a6d9.cfi", "stub"),
    ("foo.cfi", "foo"),
    ("find[abi:ne200100](int)", "find(int)"),
    ("foo+0x14", "foo"),
    ("__19-[Crasher deadlock]_block_invoke.263", "__19-[Crasher deadlock]_block_invoke"),
    ("__19-[Crasher deadlock]_block_invoke_2", "__19-[Crasher deadlock]_block_invoke"),
    ("shop::cart::remove::h0123456789abcdef", "shop::cart::remove"),
    ("pay.__uniq.123456789012345678901234567890123456789", "pay"),
    ("pay$<HASH>.cfi", "pay"),
    ("shop::pay::{closure#1}", "shop::pay::{closure}"),
    ("shop::pay()::{lambda(int)#2}::operator()", "shop::pay()::{lambda}::operator()"),
    ("shop::pay::<lambda_1>::operator()", "shop::pay::<lambda_1>::operator()"),
    # what is a name
    ("partition::cold", "partition::cold"),
    ("operator+", "operator+"),
    ("-[Cart remove:at:]", "-[Cart remove:at:]"),
    ("shop::h264::decode", "shop::h264::decode"),
    ("a..b", "a..b"),
    ("10.20[clone x].30.40", "10.20[clone x].30.40"),  # no two parts become one
    ("jane.doe$SP$example.org", "jane.doe$SP$example.org"),
]  # fmt: skip

MEMBERS = [
    ("sun.reflect.GeneratedMethodAccessor12373", "sun.reflect.GeneratedMethodAccessor"),
    ("org.shop.Cart$$EnhancerBySpringCGLIB$$5c02cf7d", "org.shop.Cart$$EnhancerBySpringCGLIB"),
    ("org.shop.Cart$$FastClassBySpringCGLIB$$1f", "org.shop.Cart$$FastClassBySpringCGLIB"),
    ("org.shop.Cart$$SpringCGLIB$$0", "org.shop.Cart$$SpringCGLIB"),
    ("jdk.proxy2.$Proxy142", "jdk.proxy2.$Proxy"),
    ("org.shop.Cart$ByteBuddy$x1Y2z3", "org.shop.Cart$ByteBuddy"),
    ("lambda$onCreate$2", "lambda$onCreate"),
    ("org.shop.Cart.load$lambda$0", "org.shop.Cart.load$lambda"),
    ("$anonfun$load$1", "$anonfun$load"),
    ("org.shop.-$$Lambda$Cart$tVGP-x_y", "org.shop.-$$Lambda$Cart"),
    ("org.shop.Cart$$ExternalSyntheticLambda7", "org.shop.Cart$$ExternalSyntheticLambda"),
    ("$r8$lambda$abc-D_e", "$r8$lambda"),
    ("Shop.Cart+<RemoveAsync>d__8", "Shop.Cart+<RemoveAsync>d"),
    ("Shop.Cart+<>c__DisplayClass12_0.<Remove>b__1", "Shop.Cart+<>c__DisplayClass.<Remove>b"),
    ("<Remove>g__Inner|12_0", "<Remove>g__Inner|"),
    # what is a name
    ("org.shop.Cart$1", "org.shop.Cart$1"),
    ("org.shop.part.Base64", "org.shop.part.Base64"),
    ("Shop.Dictionary`2.get_Item", "Shop.Dictionary`2.get_Item"),
    ("lambda$", "lambda$"),
]

SCRIPTS = [
    ("main.3f2c9b7d.js", "main.js"),
    ("index-0a1b2c3d4e.chunk.js", "index.chunk.js"),
    ("vendor.0123456789abcdef0123456789abcdef.min.mjs", "vendor.min.mjs"),
    ("app.deadbeef.js", "app.deadbeef.js"),  # a word as likely
    ("report-20240101.js", "report-20240101.js"),
    ("jquery-3.7.1.js", "jquery-3.7.1.js"),
    ("cart.py", "cart.py"),
]


@pytest.mark.parametrize(("name", "expected"), SYMBOLS)
def test_a_compiled_name_loses_what_compilers_number(name: str, expected: str) -> None:
    assert stable_symbol(name) == expected


@pytest.mark.parametrize(("name", "expected"), MEMBERS)
def test_a_managed_name_loses_what_runtimes_number(name: str, expected: str) -> None:
    assert stable_member(name) == expected


@pytest.mark.parametrize(("file", "expected"), SCRIPTS)
def test_a_script_loses_its_bundlers_digest(file: str, expected: str) -> None:
    assert stable_script(file) == expected
