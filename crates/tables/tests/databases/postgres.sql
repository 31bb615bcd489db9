CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TYPE pair AS (x int, y text);
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE types(flag boolean, small smallint, price numeric(10, 2), "float" float8, single real, name text, fixed char(4),
    bytes bytea, day date, moment timestamp, zoned timestamptz, clock time, id uuid, document jsonb, numbers int[], words text[],
    pair pair, mood mood, host inet, span int4range, mail email, length interval);
INSERT INTO types VALUES
    (true, -1, 12.5, 0.1, 0.1, 'Zürich "x"', 'ab', '\x00ff', '2024-03-05', '2024-03-05 18:00:05.5', '2024-03-05 18:00:05+02',
     '18:00:05', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": [1, null]}', '{1,2,NULL}', '{"a b","c\"d"}', '(1,z)', 'happy',
     '192.168.0.1', '[1,5)', 'a@b.c', '1 day 2 hours');
INSERT INTO types DEFAULT VALUES;
INSERT INTO types VALUES
    (false, 2, 0, 1e300, 'NaN', '汉字', 'c', 'text', '0044-03-15 BC', 'infinity', 'epoch', '00:00',
     '00000000-0000-0000-0000-000000000000', '1', '{}', '{}', ROW(NULL, NULL), 'sad', '::1', 'empty', 'd@e.f', '1 month');

CREATE SCHEMA shop;
CREATE TABLE shop.customers(id int, tel text);
COMMENT ON TABLE shop.customers IS 'Who buys';
COMMENT ON COLUMN shop.customers.tel IS '联系电话';
INSERT INTO shop.customers VALUES (1, '13812345678');
CREATE TABLE shop.order_items(id int);
CREATE TABLE shop.order_notes(id int);

CREATE SCHEMA odd;
CREATE TABLE odd."an ""odd"".name; DROP TABLE x --"("a ""column""" int);
INSERT INTO odd."an ""odd"".name; DROP TABLE x --" VALUES (1);
CREATE TABLE odd."表 'x'"("列" text);
INSERT INTO odd."表 'x'" VALUES ('值');

CREATE TABLE big AS SELECT n, md5(n::text) AS hash FROM generate_series(1, 1000000) n;
ANALYZE big;
-- Never analyzed: nothing is known of its rows.
CREATE TABLE big_unknown AS SELECT n, md5(n::text) AS hash FROM generate_series(1, 1000000) n;
CREATE TABLE parts(n int, hash text) PARTITION BY HASH (n);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parts SELECT n, md5(n::text) FROM generate_series(1, 1000000) n;
ANALYZE parts;
CREATE TABLE empty(a int, b text);
CREATE TABLE without_columns();

CREATE VIEW few AS SELECT n FROM generate_series(1, 5) n;
-- Apart from the tables whose blocks are counted, since tests run side by side.
CREATE TABLE seen AS SELECT * FROM big;
ANALYZE seen;
CREATE VIEW many AS SELECT * FROM seen;
CREATE VIEW summed AS SELECT n % 10 AS digit, count(*) FROM seen GROUP BY 1;
CREATE VIEW slow AS SELECT pg_sleep(60)::text AS x;
CREATE VIEW encrypted AS SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid();
CREATE TABLE log(x int);
CREATE FUNCTION write() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN INSERT INTO log VALUES (1); RETURN 1; END';
CREATE VIEW writing AS SELECT write() AS x;

CREATE ROLE reader LOGIN PASSWORD 'geheim-hunter2';
GRANT USAGE ON SCHEMA shop TO reader;
GRANT SELECT ON shop.customers TO reader;
CREATE ROLE tls LOGIN PASSWORD 'geheim-hunter2';
CREATE ROLE lonely LOGIN PASSWORD 'geheim-hunter2';
GRANT SELECT ON ALL TABLES IN SCHEMA public TO lonely, tls;
