// The same tests for jest, vitest (with globals) and mocha (with chai-less asserts).
const assert = require("node:assert/strict");
const { total, parse, load } = require("./cart.js");

describe("total", () => {
  for (const country of ["DE", "FR", "SE"]) {
    describe(`in ${country}`, () => {
      for (let price = 1; price <= 14; price++) {
        it(`is above the net price of ${price}`, () => {
          assert.ok(total([{ quantity: 1, price }], country) > price);
        });
      }
    });
  }
  it("refuses a country without a rate", () => {
    assert.throws(() => total([{ quantity: 1, price: 1 }], "NO"), /no rate for NO/);
  });
});

describe("parse", () => {
  it("reads a line", () => {
    assert.deepEqual(parse("A-1,2,3.50"), [{ sku: "A-1", quantity: 2, price: 3.5 }]);
  });
  it("keeps the order of lines", () => {
    const expected = ["C-3", "A-1", "B-2"].map((sku) => ({ sku, quantity: 1, price: 2 }));
    assert.deepEqual(parse("A-1,1,2;B-2,1,2;C-3,1,2"), expected);
  });
  it("says which part has no price", () => {
    parse("A-1,2,3.50;B-2,7");
  });
});

describe("load", () => {
  it("reads what the source has", async () => {
    const source = { read: async () => "A-1,2,3.50" };
    assert.equal((await load(source)).length, 1);
  });
  it("gives up when the source is gone", async () => {
    const source = { read: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:5432")) };
    await load(source);
  });
});
