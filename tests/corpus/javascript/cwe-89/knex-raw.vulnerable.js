const express = require("express");
const knex = require("knex")({ client: "pg" });

const router = express.Router();

router.get("/sales", async (req, res) => {
  const period = req.query.period ?? "day";
  const rows = await knex.raw("SELECT date_trunc('" + period + "', at), sum(total) FROM sales GROUP BY 1");
  res.json(rows);
});

module.exports = router;
