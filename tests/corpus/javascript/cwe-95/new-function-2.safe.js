const express = require('express');
const router = express.Router();

const RULES = {
  positive: (row) => row.amount > 0,
  large: (row) => row.amount > 10000,
};

router.post('/rules/try', (req, res) => {
  const { expression, sample } = req.body;
  const rule = Object.prototype.hasOwnProperty.call(RULES, expression) ? RULES[expression] : null;
  if (!rule) return res.status(422).json({ error: 'rule failed' });
  res.json({ result: rule(sample) });
});

module.exports = router;
