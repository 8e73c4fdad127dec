"""Names of functions and classes without what differs from run to run."""

import pytest

from transforms.parse.frame_names import last_of_path, stable_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("org.shop.Cart$$Lambda/0x00007f1c0c001000", "org.shop.Cart$$Lambda"),
        ("org.shop.Cart$$Lambda$14/1096283470.run", "org.shop.Cart$$Lambda.run"),
        ("org.shop.Cart$$Lambda$14/0x0000000800066840.run", "org.shop.Cart$$Lambda.run"),
        ("java.lang.invoke.LambdaForm$DMH/0x0000000800c03400", "java.lang.invoke.LambdaForm$DMH"),
        ("java.base/java.lang.Thread.run", "java.base/java.lang.Thread.run"),
        ("github.com/shop/cart", "github.com/shop/cart"),
    ],
)
def test_a_class_loses_what_the_jvm_puts_behind_it(name: str, expected: str) -> None:
    assert stable_name(name) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("github.com/acme/shop/cart", "cart"),
        ("github.com/acme/shop/v2", "shop"),
        ("gopkg.in/yaml.v3", "yaml.v3"),
        ("encoding/json", "json"),
        ("main", "main"),
        ("Shop.Web.HomeController", "Shop.Web.HomeController"),
    ],
)
def test_a_module_is_named_by_the_end_of_its_path(path: str, expected: str) -> None:
    assert last_of_path(path) == expected
