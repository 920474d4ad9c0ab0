#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct order { int id; char *sku; };

static struct order *make_order(int id) {
    struct order *order = malloc(sizeof *order);
    order->id = id;
    order->sku = strdup("A-1");
    return order;
}

static void free_order(struct order *order) {
    free(order->sku);
    free(order);
}

static int digits(const struct order *order) { return (int)strlen(order->sku) + order->id; }

static int walk(struct order *order, int depth) {
    return depth ? walk(order, depth - 1) : digits(order);
}

int main(void) {
    struct order *order = make_order(7);
    make_order(8);
    free_order(order);
    printf("%d\n", walk(order, 30));
    return 0;
}
