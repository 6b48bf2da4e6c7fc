const app = require("express")();

app.use((err, req, res, next) => {
  // ruleid: oreva.javascript.error-detail.stack-response
  res.status(500).send(err.stack);
});

app.use((err, req, res, next) => {
  // ruleid: oreva.javascript.error-detail.stack-response
  res.json({ message: err.message, stack: err.stack });
});

app.use((err, req, res, next) => {
  console.error(err.stack);
  // ok: oreva.javascript.error-detail.stack-response
  res.status(500).send("internal error");
});

app.use((err, req, res, next) => {
  if (process.env.NODE_ENV !== "production") {
    // ok: oreva.javascript.error-detail.stack-response
    return res.status(500).send(err.stack);
  }
});
