SET sql_mode = ''
;;
CREATE DATABASE shop CHARACTER SET utf8mb4
;;
CREATE DATABASE other CHARACTER SET utf8mb4
;;
USE shop
;;
CREATE TABLE shop.types(flag boolean, large bigint unsigned, price decimal(10, 2), `double` double, single float, name text,
    latin varchar(10) CHARACTER SET latin1, bytes blob, id binary(16), day date, moment datetime(2), clock time, document json,
    mood enum('happy', 'sad'), tags set('a', 'b'), bits bit(4), place point, year year)
;;
INSERT INTO shop.types VALUES
    (true, 18446744073709551615, 12.5, 0.1, 0.1, 'Zürich "x"', 'é', 0x00ff, 0xa0eebc999c0b4ef8bb6d6bb9bd380a11, '2024-03-05',
     '2024-03-05 18:00:05.5', '18:00:05', '{"a": [1, null]}', 'happy', 'a,b', 5, POINT(1, 2), 2024),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (false, 0, 0, 1e300, 2, '汉字😀', 'c', 'text', 0x00000000000000000000000000000001, '0000-00-00', '1000-01-01', '-838:59:59',
     '1', 'sad', '', 0, POINT(0, 0), 1999)
;;
CREATE TABLE shop.customers(id int, tel varchar(20) COMMENT '联系电话') COMMENT 'Who buys'
;;
INSERT INTO shop.customers VALUES (1, '13812345678')
;;
CREATE TABLE shop.order_items(id int)
;;
CREATE TABLE shop.order_notes(id int)
;;
CREATE TABLE other.`an ``odd`` "name"; DROP TABLE x --`(`a ``column``` int)
;;
INSERT INTO other.`an ``odd`` "name"; DROP TABLE x --` VALUES (1)
;;
CREATE TABLE other.`表 'x'`(`列` text)
;;
INSERT INTO other.`表 'x'` VALUES ('值')
;;
CREATE TABLE shop.big(n bigint PRIMARY KEY, hash char(32)) AS SELECT seq AS n, md5(seq) AS hash FROM seq_1_to_200000
;;
CREATE TABLE shop.keyless AS SELECT n, hash FROM shop.big
;;
CREATE TABLE shop.large(n bigint PRIMARY KEY, hash char(32)) AS SELECT n, hash FROM shop.big
;;
ANALYZE TABLE shop.big, shop.keyless, shop.large
;;
CREATE VIEW shop.few AS SELECT tel FROM shop.customers
;;
CREATE VIEW shop.summed AS SELECT n % 10 AS digit, count(*) AS count FROM shop.big GROUP BY 1
;;
CREATE VIEW shop.slow AS SELECT sum(sleep(0.01)) AS x FROM shop.big
;;
CREATE TABLE shop.log(x int)
;;
CREATE FUNCTION shop.write_one() RETURNS int DETERMINISTIC MODIFIES SQL DATA
BEGIN
    INSERT INTO shop.log VALUES (1);
    RETURN 1;
END
;;
CREATE VIEW shop.writing AS SELECT shop.write_one() AS x
;;
CREATE USER ann@'127.0.0.1' IDENTIFIED BY 'geheim-hunter2'
;;
GRANT SELECT, SHOW VIEW, EXECUTE ON shop.* TO ann@'127.0.0.1'
;;
GRANT SELECT ON other.* TO ann@'127.0.0.1'
;;
CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'geheim-hunter2'
;;
GRANT SELECT ON shop.customers TO reader@'127.0.0.1'
;;
CREATE SQL SECURITY INVOKER VIEW shop.hidden AS SELECT n FROM shop.big
;;
GRANT SELECT ON shop.hidden TO reader@'127.0.0.1'
