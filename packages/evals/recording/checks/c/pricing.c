#include "pricing.h"
#include <stdlib.h>

int subtotal(const int *cents, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) sum += cents[i];
    return sum;
}

int shipping(int cents) { return cents > 5000 ? 0 : 490; }

int parse(const char *text) { return atoi(text); }
