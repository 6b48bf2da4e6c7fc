const app = require("express")();

app.get("/a", async (req, res) => {
  // ruleid: oreva.javascript.nosql-injection.mongo-where-taint
  res.json(await Note.find({ $where: `this.owner == '${req.query.owner}'` }));
});

app.get("/b", async (req, res) => {
  const code = "this.rank > " + req.query.rank;
  // ruleid: oreva.javascript.nosql-injection.mongo-where-taint
  res.json(await notes.find({ "$where": code }).toArray());
});

app.get("/c", async (req, res) => {
  // ok: oreva.javascript.nosql-injection.mongo-where-taint
  res.json(await Note.find({ owner: String(req.query.owner) }));
});

app.get("/d", async (req, res) => {
  // ok: oreva.javascript.nosql-injection.mongo-where-taint
  res.json(await notes.find({ $where: "this.rank > this.limit" }).toArray());
});
