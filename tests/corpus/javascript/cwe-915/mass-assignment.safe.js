const express = require("express");
const { User } = require("./models");

const app = express();
app.use(express.json());

app.post("/users", async (req, res) => {
  const user = await User.create({ name: req.body.name, email: req.body.email });
  res.json({ id: user.id });
});
