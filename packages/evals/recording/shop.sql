create table customers (id int primary key, name text, country char(2), since date);
create table orders (id int primary key, customer int references customers, placed timestamp,
                     status text, amount numeric(9,2));
insert into customers select n, 'Customer ' || n, (array['DE','FR','SE'])[n % 3 + 1],
    date '2021-01-01' + n * 3 from generate_series(1, 120) n;
insert into orders select 10000 + n, n * 13 % 120 + 1, timestamp '2026-03-01 08:00' + n * interval '7 minutes',
    case when n = 211 then 'refused' when n % 23 = 0 then 'returned' when n % 3 = 0 then 'shipped' else 'paid' end,
    case when n = 157 then 98431.75 else (n * 37 % 211) * 1.15 + 4.90 end
    from generate_series(1, 320) n;
