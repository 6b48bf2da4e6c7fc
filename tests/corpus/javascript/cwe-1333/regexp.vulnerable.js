const items = require('./items.json');

module.exports = function search(req, res) {
  const needle = req.query.q;
  const pattern = new RegExp(`^${needle}`, 'i');
  res.json(items.filter((item) => pattern.test(item.name)));
};
