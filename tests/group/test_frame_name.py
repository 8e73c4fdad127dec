"""By which name a frame stands in a signature."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.records import Clean, CleanFrame
from transforms.group.frame_name import frame_name, is_native


def frame(
    module: str | None = None,
    function: str | None = None,
    file: str | None = None,
    line: int | None = None,
    offset: int | None = None,
) -> CleanFrame:
    texts = [None if each is None else Clean(each) for each in (module, function, file)]
    return CleanFrame(*texts, line, offset)


NATIVE = [
    ("ns::Foo<int>::bar(int) const", "ns::Foo<T>::bar"),
    ("(anonymous namespace)::f(int)", "(anonymous namespace)::f"),
    ("operator new(unsigned long)", "operator new"),
    ("void* operator new[](unsigned long, std::nothrow_t const&)", "operator new[]"),
    ("operator delete(void*)", "operator delete"),
    ("shop::operator<<(std::ostream&, X const&)", "shop::operator<<"),
    ("std::ostream& shop::operator<< <char>(std::ostream&, X)", "shop::operator<<"),
    ("shop::operator<<", "shop::operator<<"),
    ("<a::B<c::D<e::F>> as core::ops::Drop>::drop", "<a::B<c::D<e::F>> as core::ops::Drop>::drop"),
    ("bool shop::X::operator<(X const&) const", "shop::X::operator<"),
    ("shop::X::operator()(int)", "shop::X::operator()"),
    ("<shop::Cart as shop::Buy>::buy", "<shop::Cart as shop::Buy>::buy"),
    ("<shop::Basket as core::ops::Drop>::drop::h0123456789abcdef",
     "<shop::Basket as core::ops::Drop>::drop"),
    ("shop::cart::<impl shop::Cart>::new", "shop::cart::{impl shop::Cart}::new"),
    ("shop::cart::<impl shop::Mail<A>>::new", "shop::cart::{impl shop::Mail<T>}::new"),
    ("shop::apply<&(shop::operator<(shop::A, shop::A))>::run(int)", "shop::apply<T>"),
    ("kfun:org.shop.Cart#pay(kotlin.Int){}", "org.shop.Cart#pay"),
    ("-[Cart remove:at:]", "-[Cart remove:at:]"),
    ("static Cart.main() -> ()", "Cart.main"),
    ("Shop.buy(_:)", "Shop.buy"),
    ("Cart.load() async throws -> [Int]", "Cart.load"),
    ("closure #2 in Cart.load() throws -> Int", "closure in Cart.load"),
    ("closure #1 (Swift.Int) -> () in closure #1 () -> () in Swift.f(_: Swift.Int) -> Swift.Never",
     "closure in closure in Swift.f"),
    ("specialized closure #1 in Cart.load()", "closure in Cart.load"),
    ("(extension in Shop):Swift.Array.pay() -> ()", "Swift.Array.pay"),
    ("Cart.pay<A>(_: A) -> ()", "Cart.pay"),
    ("outlined destroy of Cart?", "outlined destroy of Cart?"),
    ("protocol witness for Shop.buy(_:) in conformance Cart",
     "protocol witness for Shop.buy in conformance Cart"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "expected"), NATIVE)
def test_a_native_function_is_told_without_arguments_and_results(
    function: str, expected: str
) -> None:
    assert frame_name(frame("app", function, offset=1)) == expected


@pytest.mark.parametrize("file", ["cart.rs", "cart.rs:fc916052746c"])
def test_a_function_of_a_rust_source_is_read_as_rust(file: str) -> None:
    assert frame_name(frame("app", "shop::Cart<T>::buy<A as B>", file, offset=1)) == (
        "shop::Cart<T>::buy<A as B>"
    )


@pytest.mark.parametrize("function", ["const", " ", "&&", "+0x14", "::h0123456789abcdef"])
def test_a_function_that_is_nothing_but_details_has_a_name(function: str) -> None:
    assert frame_name(frame("app", function, offset=1))


MANAGED = [
    (frame("shop.cart", "pay", "cart.py"), "shop.cart.pay"),
    (frame("cart", "cartTotal", "cart.js"), "cart.cartTotal"),
    (frame("cart", "cart.total", "cart.js"), "cart.total"),
    (frame("main", "main", "main.go"), "main.main"),
    (frame("main", "(*Cart).Remove", "cart.go"), "main.(*Cart).Remove"),
    (frame("jdk.proxy2.$Proxy142", "run"), "jdk.proxy2.$Proxy.run"),
    (frame(None, "Object.<anonymous>", "a.js"), "Object.<anonymous>"),
    (frame(None, "remove", "main.3f2c9b7d.js", 1), "remove"),
    (frame(None, "get", "api.py", 3), "api.py:get"),
    (frame(None, "Shop::Cart#remove", "cart.rb", 3), "cart.rb:Shop::Cart#remove"),
    (frame(None, None, "main.3f2c9b7d.js", 41), "main.js#41"),
    (frame(None, None, "cart.py"), "cart.py"),
    (frame("org.shop.Cart"), "org.shop.Cart"),
]


@pytest.mark.parametrize(("managed", "expected"), MANAGED)
def test_a_managed_frame_is_told_by_class_and_method_or_file(
    managed: CleanFrame, expected: str
) -> None:
    assert frame_name(managed) == expected


@pytest.mark.parametrize(
    ("told", "native"),
    [
        (frame("app", offset=1), True),
        (frame(None, "boom", "boom.cc", 3), True),
        (frame("libshop.so", "boom"), True),
        (frame(None, "shop::boom(int)"), True),
        (frame(None, "f(_: Swift.Int) -> ()", "<compiler-generated>"), True),
        (frame("shop", "boom", "boom.go", 3), False),
        (frame("org.shop.Cart", "boom"), False),
        (frame("org.shop.tree.Node", "visit"), False),
        (frame("org.shop.So", "visit"), False),
        (frame(None, "PDOStatement::execute", "[internal]"), False),
        (frame(None, "new Promise (<anonymous>)", "<anonymous>"), False),
        (frame(None, "App\\Cart::boom", "Cart.php", 3), False),
        (frame(None, "boom", "<anonymous>"), False),
    ],
)
def test_compiled_code_is_told_from_a_runtimes_by_what_a_frame_knows(
    told: CleanFrame, native: bool
) -> None:
    assert is_native(told) is native


@pytest.mark.parametrize(
    "function",
    [
        "closure #1 in a" + " " * 4_000 + "x",
        "closure #1 in " + "-> " * 1_300,
        "generic specialization <" + "> of <" * 650,
        "_Z" + "operator<" * 400,
        "<impl " * 600,
        "<" * 4_000 + " as ",
        "a" + "[clone " * 500,
        "a" + ".isra.0" * 500 + "!",
        "lambda$" * 500,
        "$$Lambda" * 500,
        "(" * 4_000,
    ],
)
@pytest.mark.parametrize("file", [None, "a.rs", "a.swift", "a.js"])
def test_a_hostile_function_is_named_in_no_time(function: str, file: str | None) -> None:
    began = process_time()
    frame_name(frame("m", function, file, offset=1))
    assert process_time() - began < 0.2


@given(st.text(max_size=80), st.sampled_from([None, "a.rs", "a.swift", "a.js"]), st.booleans())
def test_any_text_has_a_name(function: str, file: str | None, has_offset: bool) -> None:
    told = frame("m", function, file, 1, 2 if has_offset else None)
    assert isinstance(frame_name(told), str)
