const { Router } = require("express");
const { sequelize } = require("./models");

const router = Router();

function order(column) {
  return "ORDER BY " + (column === "price" ? "price" : "name");
}

router.get("/products", async (req, res) => {
  const { sort } = req.query;
  const rows = await sequelize.query("SELECT * FROM products " + order(sort));
  res.json(rows);
});

module.exports = router;
