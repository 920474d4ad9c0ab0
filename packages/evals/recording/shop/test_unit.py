import unittest
from decimal import Decimal

from pricing import Line, discount, shipping, subtotal


class Totals(unittest.TestCase):
    def test_every_quantity(self):
        for quantity in range(40):
            with self.subTest(quantity=quantity):
                self.assertEqual(subtotal([Line("A", quantity, Decimal(3))]), 3 * quantity)

    def test_free_shipping(self):
        self.assertEqual(shipping(Decimal("50.00")), 0)

    def test_loyalty(self):
        self.assertEqual(discount(Decimal(100), "LOYAL5"), Decimal(5), "five from one hundred")

    def test_no_lines(self):
        self.assertEqual(subtotal([]), 0)

    def test_bad_price(self):
        subtotal([Line("A", 2, None)])


if __name__ == "__main__":
    unittest.main()
