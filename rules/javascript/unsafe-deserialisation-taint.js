const serialize = require("node-serialize");
const yaml = require("js-yaml");

app.get("/cart", (req, res) => {
  const text = Buffer.from(req.cookies.cart, "base64").toString();
  // ruleid: oreva.javascript.deserialisation.unsafe-deserialisation-taint
  const cart = serialize.unserialize(text);
  res.json(cart);
});

app.post("/config", (req, res) => {
  // ruleid: oreva.javascript.deserialisation.unsafe-deserialisation-taint
  const settings = yaml.load(req.body.settings, { schema: yaml.DEFAULT_FULL_SCHEMA });
  res.json(settings);
});

app.get("/safe", (req, res) => {
  // ok: oreva.javascript.deserialisation.unsafe-deserialisation-taint
  const cart = JSON.parse(req.cookies.cart);
  // ok: oreva.javascript.deserialisation.unsafe-deserialisation-taint
  const settings = yaml.load(req.body.settings);
  // ok: oreva.javascript.deserialisation.unsafe-deserialisation-taint
  const known = serialize.unserialize(fs.readFileSync("state.json", "utf8"));
  res.json([cart, settings, known]);
});
