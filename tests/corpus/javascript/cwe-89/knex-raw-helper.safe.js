const knex = require('./knex');

function tenantFilter(tenant) {
  return [`tenant = ?`, [tenant]];
}

async function report(req, res) {
  const [filter, bindings] = tenantFilter(req.headers['x-tenant']);
  const result = await knex.raw(`select sum(total) from invoices where ${filter}`, bindings);
  res.json(result.rows[0]);
}

module.exports = report;
