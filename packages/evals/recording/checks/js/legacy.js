var cache = {};

function lookup(id, fallback) {
  if (cache[id] == undefined) cache[id] = fetchOrder(id);
  var order = cache[id];
  let total = 0;
  for (var i = 0; i < order.lines.length; i++) {
    let line = order.lines[i];
    if (line.price == null) console.log("no price", line.sku);
    else total += line.quantity * line.price;
  }
  return total > 100 ? total * 0.95 : total;
}

function report(orders) {
  var total = 0;
  orders.forEach(function (order) {
    var total = lookup(order.id);
    console.log(order.id, total);
  });
  let unused = 3, name = "report";
  return { total: total, name: name, at: Date.now(), 7: 42 };
}

module.exports = { report: report, lookup: lookup };
