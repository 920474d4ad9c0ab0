const rates = { DE: 0.19, FR: 0.2, SE: 0.25 };

function total(lines, country) {
  const net = lines.reduce((sum, line) => sum + line.quantity * line.price, 0);
  return Math.round(net * (1 + rates[country]) * 100) / 100;
}

function parse(text) {
  return text.split(";").map((part) => {
    const [sku, quantity, price] = part.split(",");
    if (price === undefined) throw new RangeError(`no price in "${part}"`);
    return { sku, quantity: Number(quantity), price: Number(price) };
  });
}

async function load(source) {
  const text = await source.read();
  return parse(text);
}

module.exports = { total, parse, load };
