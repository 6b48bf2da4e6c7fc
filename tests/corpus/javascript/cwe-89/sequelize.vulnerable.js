const { QueryTypes } = require('sequelize');
const { sequelize } = require('../models');

exports.listOrders = async function listOrders(req, res, next) {
  try {
    const status = req.body.status;
    const orders = await sequelize.query(
      "SELECT * FROM orders WHERE status = '" + status + "' ORDER BY id",
      { type: QueryTypes.SELECT },
    );
    res.json(orders);
  } catch (err) {
    next(err);
  }
};
