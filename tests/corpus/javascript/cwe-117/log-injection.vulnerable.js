const express = require("express");
const winston = require("winston");

const app = express();
const logger = winston.createLogger({ transports: [new winston.transports.Console()] });

app.post("/login", (req, res) => {
  const user = req.body.user;
  logger.warn("failed login of " + user);
  res.sendStatus(401);
});
