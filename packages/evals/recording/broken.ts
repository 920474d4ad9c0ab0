interface Order { id: number; amount: number; country: "DE" | "FR" | "SE" }

const orders: Order[] = [
  { id: 1, amount: "12.40", country: "DE" },
  { id: 2, amount: 9.9, country: "NO" },
  { id: 3, amout: 4, country: "SE" },
];

function total(list: Order[]): string {
  return list.reduce((sum, order) => sum + order.amount, 0);
}

function find(id: string): Order {
  return orders.find((order) => order.id === id);
}

console.log(total(orders, "EUR"), find(7).customer, missing);
export async function load(): Order[] { return await fetch("/orders").json(); }
