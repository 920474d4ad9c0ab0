use std::collections::HashMap;

struct Order { id: u32, amount: f64, country: String }

fn total(orders: &Vec<Order>) -> f64 {
    let mut sum = 0;
    for order in orders { sum += order.amount; }
    sum
}

fn by_country(orders: Vec<Order>) -> HashMap<String, Vec<Order>> {
    let mut found = HashMap::new();
    for order in orders {
        found.entry(order.country).or_insert(Vec::new()).push(order);
    }
    println!("{}", orders.len());
    found
}

fn main() {
    let orders = vec![Order { id: 1, amount: 12.4, country: "DE" }];
    let name = String::from("shop");
    let moved = name;
    println!("{} {}", name, total(orders));
    by_country(orders).len() as String;
}
