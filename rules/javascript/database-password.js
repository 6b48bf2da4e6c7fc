const mysql = require("mysql2");
const { Pool } = require("pg");

// ruleid: oreva.javascript.hard-coded-secret.database-password
const connection = mysql.createConnection({ host: "db.internal", user: "app", password: "Tr0ub4dor" });

const pool = new Pool({
  host: "db.internal",
  password: process.env.DB_PASSWORD,
});

// ruleid: oreva.javascript.hard-coded-secret.database-password
const sequelize = new Sequelize("shop", "shop", "kX9-opal-river", { dialect: "postgres" });
// ruleid: oreva.javascript.hard-coded-secret.database-password
mongoose.connect("mongodb+srv://app:8fjq2Lm@cluster0.example.net/shop", options);

// ok: oreva.javascript.hard-coded-secret.database-password
const local = mysql.createConnection({ host: "localhost", user: "root", password: "" });
// ok: oreva.javascript.hard-coded-secret.database-password
const safe = new Pool({ host: "db.internal", password: process.env.DB_PASSWORD });
// ok: oreva.javascript.hard-coded-secret.database-password
mongoose.connect("mongodb://localhost:27017/shop");
// ok: oreva.javascript.hard-coded-secret.database-password
mongoose.connect(`mongodb://app:${process.env.DB_PASSWORD}@db.internal/shop`);
