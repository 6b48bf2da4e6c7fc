const express = require("express");
const { users } = require("./database");

const app = express();
app.use(express.json());

app.post("/login", async (req, res) => {
  const user = await users.findOne({ name: req.body.name, pin: req.body.pin });
  res.json({ ok: user !== null });
});
