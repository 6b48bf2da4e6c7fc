const express = require('express');
const mysql = require('mysql2/promise');

const app = express();
const pool = mysql.createPool(process.env.DATABASE_URL);

app.get('/products', async (req, res) => {
  const { category, sort = 'name' } = req.query;
  let sql = 'SELECT id, name, price FROM products';
  if (category) {
    sql += ` WHERE category = '${category}'`;
  }
  const [rows] = await pool.query(sql);
  res.json(rows);
});

module.exports = app;
