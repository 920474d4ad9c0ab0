SOURCES := $(foreach n,$(shell seq 1 24),part_$(n).c)
OBJECTS := $(SOURCES:.c=.o)

all: $(OBJECTS) report.o

part_%.c:
	printf 'int part_$*(int n) { int unused_$* = n; return n * $*; }\n' > $@

%.o: %.c
	gcc -Wall -c -o $@ $<

.SECONDARY:
