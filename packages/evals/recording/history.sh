# Make a small repository with a history: history.sh FOLDER
set -e
mkdir -p "$1"
cd "$1"
git init --quiet --initial-branch=main
git config user.name "Shop Team"
git config user.email "team@shop.example"
for n in $(seq 1 30); do
    export GIT_AUTHOR_DATE="2026-02-$(printf %02d $((n % 28 + 1)))T09:00:00Z"
    export GIT_COMMITTER_DATE="$GIT_AUTHOR_DATE"
    mkdir -p "src/module_$((n % 6))" tests
    printf 'RATE_%d = %d\n\n\ndef price_%d(amount):\n    return amount * RATE_%d\n' $n $((n * 7 % 40)) $n $n >> "src/module_$((n % 6))/prices.py"
    printf 'def test_price_%d():\n    assert price_%d(1) > 0\n' $n $n > "tests/test_price_$n.py"
    git add .
    if [ $n = 17 ]; then
        git commit --quiet -m "Revert the new rounding: invoices were off by a cent"
    else
        git commit --quiet -m "Price rule $n: rate for group $((n % 6))"
    fi
done
sed -i 's/RATE_12 = .*/RATE_12 = 21/' src/module_0/prices.py
rm tests/test_price_5.py
touch notes.txt src/module_1/new_rule.py
git add src/module_1/new_rule.py
