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

app.get("/other-stores/:id", async (req, res) => {
  // ok: oreva.javascript.sql-injection.express-query-taint
  const session = await redisClient.get(`session:${req.params.id}`);
  // ok: oreva.javascript.sql-injection.express-query-taint
  const user = await apiClient.get("/users/" + encodeURIComponent(req.params.id));
  // ok: oreva.javascript.sql-injection.express-query-taint
  await queueClient.run(req.body.job);
  // ok: oreva.javascript.sql-injection.express-query-taint
  const found = await redisClient.execute(req.params.id);
});

app.get("/loops", async (req, res) => {
  const clauses = [];
  for (const [column, value] of Object.entries(req.query)) {
    clauses.push(column + " = '" + value + "'");
  }
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  await pool.query("SELECT * FROM jobs WHERE " + clauses.join(" AND "));
  req.body.ids.forEach((id) => {
    // ruleid: oreva.javascript.sql-injection.express-query-taint
    db.run(`DELETE FROM jobs WHERE id = ${id}`);
  });
});

app.get("/known-columns", async (req, res) => {
  const clauses = [];
  for (const [column, value] of Object.entries(req.query)) {
    if (!SORTABLE.includes(column)) continue;
    clauses.push(`${column} = ?`);
  }
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query("SELECT * FROM jobs WHERE " + clauses.join(" AND "));
  const column = req.query.sort;
  if (!/^[a-z_]+$/.test(column)) throw new Error("column");
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query("SELECT * FROM jobs ORDER BY " + column);
  if (/^[a-z_]+$/.test(req.query.group)) {
    // ok: oreva.javascript.sql-injection.express-query-taint
    await pool.query("SELECT count(*) FROM jobs GROUP BY " + req.query.group);
  }
});

function tenantFilter(tenant) {
  return ["tenant = ?", [tenant]];
}

function tenantText(tenant) {
  return [`tenant = '${tenant}'`, []];
}

app.get("/tenant", async (req, res) => {
  const [filter, bindings] = tenantFilter(req.query.tenant);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await knex.raw(`SELECT * FROM jobs WHERE ${filter}`, bindings);
  const [text, none] = tenantText(req.query.tenant);
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  await knex.raw(`SELECT * FROM jobs WHERE ${text}`, none);
});

wss.on("connection", (ws) => {
  ws.on("message", (data) => {
    const { room } = JSON.parse(data);
    // ruleid: oreva.javascript.sql-injection.express-query-taint
    pool.query(`SELECT * FROM rooms WHERE name = '${room}'`);
  });
});

exports.handler = async (event) => {
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  return pool.query("SELECT * FROM t WHERE id = " + event.pathParameters.id);
};

app.get("/builder", async (req, res) => {
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  await cats.createQueryBuilder("c").where(`c.id = ${req.query.id}`).getMany();
  // ok: oreva.javascript.sql-injection.express-query-taint
  await cats.createQueryBuilder("c").where("c.id = :id", { id: req.query.id }).getMany();
  // ok: oreva.javascript.sql-injection.express-query-taint
  await collection.where("owner", "==", req.query.owner).get();
  const ids = req.query.ids.split(",").map(Number);
  // ok: oreva.javascript.sql-injection.express-query-taint
  await pool.query(`SELECT * FROM t WHERE id IN (${ids.join(",")})`);
});
