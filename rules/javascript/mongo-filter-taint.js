const { ObjectId } = require("mongodb");

app.post("/login", async (req, res) => {
  // ruleid: oreva.javascript.nosql-injection.mongo-filter-taint
  const user = await User.findOne({ name: req.body.name, password: req.body.password });
  res.json({ ok: Boolean(user) });
});

app.get("/orders", async (req, res) => {
  const { owner } = req.query;
  const filter = { owner, paid: true };
  // ruleid: oreva.javascript.nosql-injection.mongo-filter-taint
  const orders = await db.collection("orders").find(filter).toArray();
  // ruleid: oreva.javascript.nosql-injection.mongo-filter-taint
  await orderStore.deleteMany(req.body);
  res.json(orders);
});

app.post("/session", ({ body }, res) => {
  // ruleid: oreva.javascript.nosql-injection.mongo-filter-taint
  Session.findOne({ token: body.token }).then((found) => res.json(found));
});

app.get("/safe", async (req, res) => {
  // ok: oreva.javascript.nosql-injection.mongo-filter-taint
  await User.findOne({ name: String(req.body.name) });
  // ok: oreva.javascript.nosql-injection.mongo-filter-taint
  await User.findOne({ name: { $eq: req.body.name } });
  // ok: oreva.javascript.nosql-injection.mongo-filter-taint
  await User.findOne({ _id: new ObjectId(req.query.id) });
  // ok: oreva.javascript.nosql-injection.mongo-filter-taint
  await User.findOne({ where: { name: req.body.name } });
  // ok: oreva.javascript.nosql-injection.mongo-filter-taint
  const item = items.find((candidate) => candidate.id === req.query.id);
  const { email } = req.body;
  if (typeof email !== "string") return res.sendStatus(400);
  // ok: oreva.javascript.nosql-injection.mongo-filter-taint
  await User.findOne({ email });
  // ok: oreva.javascript.nosql-injection.mongo-filter-taint
  await User.find({ active: true });
});

app.post("/reset", async (req, res) => {
  const { email, token, name } = req.body;
  if (typeof email !== "string" || typeof token !== "string") {
    return res.status(400).end();
  }
  // ok: oreva.javascript.nosql-injection.mongo-filter-taint
  await User.findOne({ email, resetToken: token });
  // ruleid: oreva.javascript.nosql-injection.mongo-filter-taint
  await User.findOne({ email, name });
});
