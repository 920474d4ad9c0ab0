#include "pricing.h"

int main(void) { return parse("12") == 12 ? 0 : 1; }
