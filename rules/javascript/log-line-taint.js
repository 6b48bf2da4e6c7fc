const app = require("express")();
const logger = require("./logger");

app.post("/login", (req, res) => {
  // ruleid: oreva.javascript.log-injection.log-line-taint
  logger.warn("failed login of " + req.body.user);
  // ruleid: oreva.javascript.log-injection.log-line-taint
  logger.info(`agent ${req.headers["user-agent"]}`);
  // ok: oreva.javascript.log-injection.log-line-taint
  logger.warn("failed login of " + JSON.stringify(req.body.user));
  // ok: oreva.javascript.log-injection.log-line-taint
  logger.warn({ user: req.body.user }, "failed login");
  // ok: oreva.javascript.log-injection.log-line-taint
  logger.info("ready");
});
