int subtotal(const int *cents, int count);
int shipping(int cents);
int parse(const char *text);
