#include <stdio.h>

int main(void) {
    for (int i = 0; i < 12; i++) printf("report line %d: order %d\n", i, 70100 + i);
    fprintf(stderr, "report: cannot open orders.csv: No such file or directory\n");
    return 3;
}
