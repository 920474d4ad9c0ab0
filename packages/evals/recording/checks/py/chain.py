"""Errors that were raised from other errors, in a recursion, and in a group."""

import asyncio
import json
import sys

RATES = {"DE": 19, "FR": 20}


class OrderFailed(Exception):
    pass


def rate(country):
    return RATES[country]


def price(country):
    try:
        return 100 + rate(country)
    except KeyError as error:
        raise LookupError(f"no rate for {country!r}") from error


def place(order):
    try:
        return [price(country) for country in order["countries"]]
    except LookupError:
        raise OrderFailed(f"order {order['id']} was not placed")


def depth(tree):
    return 1 + max(depth(child) for child in tree["children"])


async def fetch(number):
    await asyncio.sleep(0)
    if number % 2:
        return json.loads(f'{{"order": {number}, }}')
    return place({"id": number, "countries": ["DE", "NO"]})


async def gather():
    async with asyncio.TaskGroup() as group:
        for number in range(4):
            group.create_task(fetch(number))


def loop():
    sys.setrecursionlimit(240)
    tree = {"children": []}
    tree["children"].append(tree)
    depth(tree)


WAYS = {
    "chain": lambda: place({"id": 217, "countries": ["DE", "NO"]}),
    "group": lambda: asyncio.run(gather()),
    "loop": loop,
}

if __name__ == "__main__":
    WAYS[sys.argv[1]]()
