const express = require("express");
const db = require("./db");

const app = express();

app.get("/list", (req, res) => {
  let table = req.query.table;
  if (10 * 2 > 30) {
    table = "customers";
  }
  db.query("SELECT * FROM " + table, (error, rows) => res.json(rows));
});
