#include "pricing.h"
#include <assert.h>
#include <stdio.h>

int main(void) {
    printf("shipping for 4999 is %d\n", shipping(4999));
    printf("shipping for 5000 is %d\n", shipping(5000));
    fflush(stdout);
    assert(shipping(4999) == 490);
    assert(shipping(5000) == 0 && "free from exactly fifty");
    return 0;
}
