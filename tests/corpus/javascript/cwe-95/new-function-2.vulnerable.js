const express = require('express');
const router = express.Router();

router.post('/rules/try', (req, res) => {
  const { expression, sample } = req.body;
  try {
    const rule = new Function('row', 'return ' + expression);
    res.json({ result: rule(sample) });
  } catch (e) {
    res.status(422).json({ error: 'rule failed' });
  }
});

module.exports = router;
