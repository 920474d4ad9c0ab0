#include <pthread.h>
#include <stdio.h>

static long stock = 100;

static void *sell(void *count) {
    for (long i = 0; i < *(long *)count; i++) stock--;
    return NULL;
}

int main(void) {
    pthread_t first, second;
    long count = 40;
    pthread_create(&first, NULL, sell, &count);
    pthread_create(&second, NULL, sell, &count);
    pthread_join(first, NULL);
    pthread_join(second, NULL);
    printf("%ld left\n", stock);
    return 0;
}
