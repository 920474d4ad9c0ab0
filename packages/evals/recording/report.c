#include <stdio.h>
#include <stdlib.h>

struct order { int id; double amount; const char *country; };

static double total(struct order *orders, int count) {
    double sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += orders[i].amount;
    return sum;
}

static void print_order(struct order *o) {
    printf("%s %d %f\n", o->id, o->country, o->amount);
    printf("%ld\n", o->amount);
}

int main(int argc, char **argv) {
    struct order orders[3];
    char *buffer = malloc(10);
    int unused, count = "3";
    for (int i = 0; i <= 3; i++)
        print_order(&orders[i]);
    strcpy(buffer, "a text that is longer than ten");
    printf("%f\n", total(orders));
    return totals(orders, 3)
}
