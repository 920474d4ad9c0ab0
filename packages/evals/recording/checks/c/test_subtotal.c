#include "pricing.h"
#include <assert.h>

int main(void) {
    int cents[] = {100, 250};
    assert(subtotal(cents, 2) == 350);
    return 0;
}
