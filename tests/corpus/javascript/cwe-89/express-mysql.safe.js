const express = require('express');
const mysql = require('mysql2/promise');

const app = express();
const pool = mysql.createPool(process.env.DATABASE_URL);

app.get('/products', async (req, res) => {
  const { category, sort = 'name' } = req.query;
  const values = [];
  let sql = 'SELECT id, name, price FROM products';
  if (category) {
    sql += ' WHERE category = ?';
    values.push(category);
  }
  const [rows] = await pool.query(sql, values);
  res.json(rows);
});

module.exports = app;
