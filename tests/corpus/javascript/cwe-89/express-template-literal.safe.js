const express = require("express");
const mysql = require("mysql2/promise");

const app = express();
const pool = mysql.createPool({ uri: process.env.DATABASE_URL });

app.get("/orders", async (req, res) => {
  const customer = req.query.customer;
  const sql = "SELECT id, total FROM orders WHERE customer = ?";
  const [rows] = await pool.query(sql, [customer]);
  res.json(rows);
});
