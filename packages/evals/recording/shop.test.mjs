import assert from "node:assert/strict";
import { describe, it } from "node:test";

const rates = { DE: 0.19, FR: 0.2, SE: 0.25 };
const gross = (net, country) => Math.round(net * (1 + rates[country]) * 100) / 100;

describe("gross", () => {
  for (const country of Object.keys(rates)) {
    for (let net = 1; net <= 12; net++) {
      it(`is above ${net} in ${country}`, () => assert.ok(gross(net, country) > net));
    }
  }
  it("knows reduced rates", () => assert.equal(gross(100, "DE-reduced"), 107));
  it("rounds halves up", () => assert.equal(gross(1.005, "FR"), 1.21));
  it("keeps the parts of an order", () => {
    assert.deepEqual({ id: 7, lines: [{ sku: "A-1", quantity: 2 }] }, { id: 7, lines: [{ sku: "A-1", quantity: 3 }] });
  });
});
