const express = require("express");
const { users } = require("./database");

const app = express();
app.use(express.json());

app.post("/login", async (req, res) => {
  const user = await users.findOne({ name: String(req.body.name), pin: String(req.body.pin) });
  res.json({ ok: user !== null });
});
