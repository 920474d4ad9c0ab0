use strict;
use warnings;
use Test::More tests => 26;

ok(length("label $_") > 5, "label $_ has a text") for 1 .. 22;
is("A-1 x 2", "2 x A-1", "a label names the quantity first");
like("Berlin", qr/^\d{5} /, "a town has a code");
is_deeply({ sku => "A-1", quantity => 2 }, { sku => "A-1", quantity => 3 }, "a line is kept");
cmp_ok(0.1 + 0.2, "==", 0.3, "prices add up");
