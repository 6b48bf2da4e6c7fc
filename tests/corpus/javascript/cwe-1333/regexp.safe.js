const items = require('./items.json');

const escapeRegExp = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

module.exports = function search(req, res) {
  const needle = escapeRegExp(String(req.query.q));
  const pattern = new RegExp(`^${needle}`, 'i');
  res.json(items.filter((item) => pattern.test(item.name)));
};
