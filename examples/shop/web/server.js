const { exec } = require("child_process");
const crypto = require("crypto");
const express = require("express");
const fs = require("fs");
const jwt = require("jsonwebtoken");
const mysql = require("mysql2");
const path = require("path");

const app = express();
const db = mysql.createConnection({ host: "db", user: "shop" });

app.get("/search", (req, res) => {
  db.query(`SELECT * FROM products WHERE title = '${req.query.title}'`, (error, rows) => res.json(rows));
});

app.get("/search-safely", (req, res) => {
  db.query("SELECT * FROM products WHERE title = ?", [req.query.title], (error, rows) => res.json(rows));
});

app.get("/greet", (req, res) => {
  res.send("<p>Welcome back, " + req.query.name + "</p>");
});

app.post("/convert", (req, res) => {
  exec("convert " + req.query.file + " out.png", () => res.end());
});

app.get("/manual", (req, res) => {
  fs.readFile(path.join("/srv/manuals", req.query.page), (error, page) => res.end(page));
});

app.get("/session", (req, res) => {
  const id = Math.random().toString(36);
  const sessionToken = jwt.sign({ id }, "correct-horse-battery-staple");
  res.cookie("session", sessionToken).end();
});

app.get("/checksum", (req, res) => {
  res.end(crypto.createHash("sha256").update(req.query.text || "").digest("hex"));
});

app.listen(3000);
