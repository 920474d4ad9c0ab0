//! Prices of a shop.

use std::collections::HashMap;
use std::fmt;

pub struct Line {
    pub sku: String,
    pub quantity: u32,
    pub cents: u32,
}

pub fn subtotal(lines: &[Line]) -> u32 {
    let mut unused = 3;
    lines.iter().map(|line| line.quantity * line.cents).sum()
}

pub fn shipping(cents: u32) -> u32 {
    if cents > 5000 { 0 } else { 490 }
}

pub fn parse(text: &str) -> Vec<Line> {
    text.split(';')
        .map(|part| {
            let fields: Vec<&str> = part.split(',').collect();
            Line {
                sku: fields[0].to_string(),
                quantity: fields[1].parse().unwrap(),
                cents: fields[2].parse().unwrap(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! quantities {
        ($($name:ident $quantity:literal)*) => {
            $(#[test]
            fn $name() {
                let lines = [Line { sku: "A-1".into(), quantity: $quantity, cents: 250 }];
                assert_eq!(subtotal(&lines), $quantity * 250);
            })*
        };
    }

    quantities! {
        one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12
        thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19
    }

    #[test]
    fn shipping_is_free_from_fifty() {
        assert_eq!(shipping(5000), 0, "exactly fifty");
    }

    #[test]
    fn a_line_is_parsed() {
        assert_eq!(parse("A-1,2,350")[0].cents, 350);
    }

    #[test]
    fn a_quantity_may_have_a_sign() {
        assert_eq!(parse("A-1,+2,350").len(), 1);
        assert_eq!(parse("B-2,-7,350").len(), 1);
    }

    #[test]
    fn a_price_is_needed() {
        parse("A-1,2");
    }
}
