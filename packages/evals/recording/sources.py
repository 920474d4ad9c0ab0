"""Write one module, the rules of a warehouse, in the languages that no package at hand is in.

Usage: sources.py LANGUAGE SEED
"""

import random
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One function of the module.

    ``words`` make its name; ``value`` must not exceed ``limit``, else ``error`` is raised; what is
    done afterwards is told as ``event``.
    """

    words: tuple[str, ...]
    about: str
    value: str
    limit: int
    error: str
    event: str


RULES = (
    Rule(
        ("book", "delivery"),
        "Enter a delivery that stands at the gate.",
        "pallets",
        33,
        "the gate takes no more pallets",
        "delivery.booked",
    ),
    Rule(
        ("assign", "shelf"),
        "Find a shelf that bears the weight.",
        "kilograms",
        740,
        "no shelf bears that weight",
        "shelf.assigned",
    ),
    Rule(
        ("pick", "order"),
        "Collect the articles of an order.",
        "articles",
        118,
        "an order this large is picked by two",
        "order.picked",
    ),
    Rule(
        ("pack", "parcel"),
        "Choose the smallest carton.",
        "litres",
        61,
        "does not fit into the largest carton",
        "parcel.packed",
    ),
    Rule(
        ("cool", "goods"),
        "Keep goods below their temperature.",
        "degrees",
        7,
        "the cold chain was broken",
        "goods.cooled",
    ),
    Rule(
        ("count", "stock"),
        "Compare what is there with what should be.",
        "missing",
        12,
        "more is missing than shrinkage explains",
        "stock.counted",
    ),
    Rule(
        ("take", "back"),
        "Accept what a customer returns.",
        "days",
        41,
        "returned after the last day",
        "return.accepted",
    ),
    Rule(
        ("hand", "over"),
        "Give parcels to the carrier.",
        "minutes",
        25,
        "the carrier has left already",
        "parcels.handed_over",
    ),
    Rule(
        ("charge", "forklift"),
        "Send forklifts to the charger.",
        "percent",
        18,
        "the battery is still good",
        "forklift.charging",
    ),
    Rule(
        ("block", "aisle"),
        "Close an aisle while it is cleaned.",
        "aisles",
        3,
        "too many aisles are closed at once",
        "aisle.blocked",
    ),
    Rule(
        ("weigh", "truck"),
        "Weigh a truck before it leaves.",
        "tonnes",
        40,
        "the truck is too heavy for the road",
        "truck.weighed",
    ),
    Rule(
        ("seal", "container"),
        "Put a numbered seal on a container.",
        "seals",
        2,
        "a container has two doors only",
        "container.sealed",
    ),
    Rule(
        ("declare", "customs"),
        "Declare goods that leave the union.",
        "euros",
        1000,
        "needs a written declaration",
        "customs.declared",
    ),
    Rule(
        ("write", "off"),
        "Take spoiled goods off the books.",
        "cents",
        5000,
        "a manager has to sign this",
        "goods.written_off",
    ),
)
BODIES = ("lot", "row", "unit", "stack", "load")


def snake(words: tuple[str, ...]) -> str:
    """Return words as a name with underscores."""
    return "_".join(words)


def camel(words: tuple[str, ...]) -> str:
    """Return words as a name with inner capitals."""
    return words[0] + "".join(w.title() for w in words[1:])


def pascal(words: tuple[str, ...]) -> str:
    """Return words as a name of capitals."""
    return "".join(w.title() for w in words)


GO = """
// {Name} is told when something happened in the warehouse.
// {about}
func (w *Warehouse) {Name}(ctx context.Context, {value} int, {item}s []Item) error {{
	if {value} > {limit} {{
		return fmt.Errorf("{snake}: {error} (%d)", {value})
	}}
	total := 0
	for i, {item} := range {item}s {{
		if err := w.lock(ctx, {item}.ID); err != nil {{
			w.log.Warn("locked elsewhere", "place", i)
			continue
		}}
		total += {item}.Quantity * {factor}
	}}
	if total == 0 {{
		w.log.Info("nothing to do")
		return nil
	}}
	w.totals["{snake}"] += total
	return w.tell(ctx, "{event}", total)
}}
"""
RUST = """
    /// {about}
    ///
    /// Locks every {item} that it touches.
    pub fn {snake}(&mut self, {value}: u32, {item}s: &[Item]) -> Result<u32, Refused> {{
        if {value} > {limit} {{
            return Err(Refused::new("{error}", {value}));
        }}
        let mut total = 0;
        for {item} in {item}s {{
            match self.lock({item}.id) {{
                Ok(_) => total += {item}.quantity * {factor},
                Err(other) => log::warn!("locked by {{other}}"),
            }}
        }}
        *self.totals.entry("{snake}").or_default() += total;
        self.tell("{event}", total);
        Ok(total)
    }}
"""
JAVA = """
  /**
   * {about}
   *
   * @param {value} at most {limit}
   * @return what was moved
   */
  public int {camel}(int {value}, List<Item> {item}s) throws Refused {{
    if ({value} > {limit}) {{
      throw new Refused("{error}", {value});
    }}
    int total = 0;
    for (Item {item} : {item}s) {{
      if (!locks.tryLock({item}.id())) {{
        log.warn("locked elsewhere: {{}}", {item}.id());
        continue;
      }}
      total += {item}.quantity() * {factor};
    }}
    totals.merge("{camel}", total, Integer::sum);
    tell("{event}", total);
    return total;
  }}
"""
C = """
/* {about} */
int
warehouse_{snake}(struct warehouse *w, int {value}, const struct item *{item}s, size_t n)
{{
    int total = 0;

    if ({value} > {limit}) {{
        snprintf(w->error, sizeof w->error, "{error} (%d)", {value});
        return -1;
    }}
    for (size_t i = 0; i < n; i++) {{
        if (warehouse_lock(w, {item}s[i].id) != 0) {{
            fprintf(stderr, "locked elsewhere: %d\\n", {item}s[i].id);
            continue;
        }}
        total += {item}s[i].quantity * {factor};
    }}
    w->totals[OP_{SNAKE}] += total;
    return warehouse_tell(w, "{event}", total);
}}
"""
CPP = """
  // {about}
  int {snake}(int {value}, const std::vector<Item>& {item}s) {{
    if ({value} > {limit}) {{
      throw Refused("{error}", {value});
    }}
    auto total = 0;
    for (const auto& {item} : {item}s) {{
      if (auto held = locks_.find({item}.id); held != locks_.end()) {{
        log("locked elsewhere", held->second);
        continue;
      }}
      total += {item}.quantity * {factor};
    }}
    totals_["{snake}"] += total;
    tell("{event}", total);
    return total;
  }}
"""
TSX = """
/** {about} */
export function {Name}Form({{ {item}s, onDone }}: Props<{Name}>) {{
  const [{value}, set{Value}] = useState<number>(0)
  const [error, setError] = useState<string | null>(null)

  const submit = async () => {{
    if ({value} > {limit}) {{
      setError(`{error} (${{{value}}})`)
      return
    }}
    const total = {item}s.reduce((sum, {item}) => sum + {item}.quantity * {factor}, 0)
    await tell('{event}', total)
    onDone(total)
  }}

  return (
    <form className="{kebab}" onSubmit={{submit}}>
      <label>
        {value}
        <input value={{{value}}} onChange={{(e) => set{Value}(Number(e.target.value))}} />
      </label>
      {{error && <p role="alert">{{error}}</p>}}
      <button type="submit">{Name}</button>
    </form>
  )
}}
"""
HEADS = {
    "go": """// Package warehouse holds the rules of a warehouse.
package warehouse

import (
	"context"
	"fmt"
	"log/slog"
)

// Item is a quantity of an article.
type Item struct {
	ID       int
	Quantity int
}

// Warehouse keeps what was moved.
type Warehouse struct {
	log    *slog.Logger
	totals map[string]int
}
""",
    "rust": """//! The rules of a warehouse.

use std::collections::HashMap;

use crate::refused::Refused;

/// A quantity of an article.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: u64,
    pub quantity: u32,
}

/// Keeps what was moved.
pub struct Warehouse {
    totals: HashMap<&'static str, u32>,
}

impl Warehouse {""",
    "java": """package org.example.warehouse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules of a warehouse. */
public final class Warehouse {
  private static final Logger log = Logger.of(Warehouse.class);
  private final Map<String, Integer> totals = new HashMap<>();
  private final Locks locks;

  public Warehouse(Locks locks) {
    this.locks = locks;
  }
""",
    "c": """/* The rules of a warehouse. */
#include <stdio.h>
#include <string.h>

#include "warehouse.h"

#define MAX_ERROR 120

struct item {
    int id;
    int quantity;
};
""",
    "cpp": """// The rules of a warehouse.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace warehouse {

struct Item {
  int id;
  int quantity;
};

class Warehouse {
 public:""",
    "tsx": """import React, { useState } from 'react'

import { tell } from './events'

export interface Item {
  id: number
  quantity: number
}

type Props<T> = {
  items: T[]
  onDone: (total: number) => void
}
""",
}
TEMPLATES = {"go": GO, "rust": RUST, "java": JAVA, "c": C, "cpp": CPP, "tsx": TSX}
TAILS = {
    "rust": "}\n",
    "java": "}\n",
    "cpp": """
 private:
  std::map<std::string, int> totals_;
  std::map<int, std::string> locks_;
};

}  // namespace warehouse
""",
}


def module(language: str, rng: random.Random) -> str:
    """Return the module in a language; the rules stand in an order of their own."""
    parts = [HEADS[language]]
    for rule in rng.sample(RULES, len(RULES)):
        parts.append(
            TEMPLATES[language].format(
                Name=pascal(rule.words),
                camel=camel(rule.words),
                snake=snake(rule.words),
                SNAKE=snake(rule.words).upper(),
                kebab="-".join(rule.words),
                about=rule.about,
                value=rule.value,
                Value=rule.value.title(),
                limit=rule.limit,
                error=rule.error,
                event=rule.event,
                item=rng.choice(BODIES),
                factor=rng.randint(1, 9),
            )
        )
    return "".join(parts) + TAILS.get(language, "")


if __name__ == "__main__":
    sys.stdout.write(module(sys.argv[1], random.Random(int(sys.argv[2]))))
