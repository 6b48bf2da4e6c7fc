const express = require("express");
const mysql = require("mysql2/promise");
const { Pool } = require("pg");
const { QueryTypes } = require("sequelize");

const app = express();
const pool = new Pool();
const SORTABLE = ["name", "created_at"];
const COLUMNS = { name: "u.name", age: "u.age" };

app.get("/users/:id", async (req, res) => {
  const { id } = req.params;
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  const found = await pool.query("SELECT * FROM users WHERE id = '" + id + "'");
  res.json(found.rows);
});

app.get("/search", async (req, res) => {
  const parts = ["SELECT * FROM items WHERE 1 = 1"];
  if (req.query.name) parts.push(`AND name LIKE '%${req.query.name}%'`);
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  const [rows] = await connection.execute(parts.join(" "));
  res.json(rows);
});

app.post("/report", ({ body }, res) => {
  let sql = "SELECT * FROM report WHERE kind = '";
  sql += body.kind;
  sql += "'";
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  db.all(sql, (err, rows) => res.json(rows));
});

app.get("/raw", async (request, response) => {
  const order = request.query.order || "name";
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  response.json(await prisma.$queryRawUnsafe(`SELECT * FROM t ORDER BY ${order}`));
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  response.json(await knex("t").whereRaw("owner = '" + request.body.owner + "'"));
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  const all = await pool.query({ text: `SELECT * FROM t WHERE a = ${request.query.a}`, values: [] });
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  await sequelize.query(`SELECT * FROM t WHERE a = ${request.query.a}`, { type: QueryTypes.SELECT });
});

app.get("/safe/:id", async (req, res) => {
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query("SELECT * FROM users WHERE id = $1", [req.params.id]);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query({ text: "SELECT * FROM users WHERE id = $1", values: [req.params.id] });
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query(`SELECT * FROM users WHERE id = ${parseInt(req.params.id, 10)}`);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query("SELECT * FROM users WHERE name = " + mysql.escape(req.query.name));
  // ok: oreva.javascript.sql-injection.express-query-taint
  await sequelize.query("SELECT * FROM t WHERE a = :a", { replacements: { a: req.query.a } });
  const column = req.query.sort;
  if (!SORTABLE.includes(column)) return res.sendStatus(400);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query(`SELECT * FROM users ORDER BY ${column}`);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query(`SELECT * FROM users ORDER BY ${COLUMNS[req.query.sort]}`);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await prisma.$queryRaw`SELECT * FROM users WHERE id = ${req.params.id}`;
  const user = await users.find(req.params.id);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query("UPDATE stats SET n = n + 1 WHERE shard = " + user.shard);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await superagent.get("https://api.example.com/items").query(req.query);
});
