"""What customers type."""

import pytest
from shop.validation import is_card_number, is_email, is_postcode


@pytest.mark.parametrize(
    "text", ["a@example.com", "first.last@mail.example.org", "x+tag@example.co"]
)
def test_addresses_are_recognised(text):
    assert is_email(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a@", "@example.com", "a@b", "a b@example.com", "a@example..com"]
)
def test_what_is_no_address_is_refused(text):
    assert not is_email(text)


@pytest.mark.parametrize(
    ("country", "text"),
    [("AT", "1010"), ("DE", "10115"), ("DK", "2100"), ("ES", "28001"), ("FR", "75001"), ("IT", "00118"),
     ("NL", "1012 AB"), ("SE", "111 22")],
)  # fmt: skip
def test_postcodes_are_recognised(country, text):
    assert is_postcode(text, country)


@pytest.mark.parametrize(
    ("country", "text"), [("AT", "10101"), ("DE", "1011"), ("NL", "1012"), ("SE", "1112")]
)
def test_what_is_no_postcode_is_refused(country, text):
    assert not is_postcode(text, country)


@pytest.mark.parametrize("digits", ["4242424242424242", "4000000000000002", "378282246310005"])
def test_card_numbers_with_a_right_check_digit_pass(digits):
    assert is_card_number(digits)


@pytest.mark.parametrize("digits", ["4242424242424241", "4242", "", "4242-4242"])
def test_other_card_numbers_do_not(digits):
    assert not is_card_number(digits)
