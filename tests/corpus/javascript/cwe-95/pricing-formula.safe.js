const express = require('express');

const app = express();
app.use(express.json());

const FORMULAS = {
  plain: (quantity, price) => quantity * price,
  bulk: (quantity, price) => quantity * price * (quantity > 100 ? 0.9 : 1),
  rounded: (quantity, price) => Math.round(quantity * price),
};

function compile(formula) {
  if (!Object.prototype.hasOwnProperty.call(FORMULAS, formula)) {
    throw new RangeError('unknown formula');
  }
  return FORMULAS[formula];
}

function total(lines, compute) {
  return lines.reduce((sum, line) => sum + compute(Number(line.quantity), Number(line.price)), 0);
}

app.post('/quotes', (req, res) => {
  const { formula, lines } = req.body;
  if (!Array.isArray(lines) || typeof formula !== 'string') {
    return res.status(400).json({ error: 'formula and lines are required' });
  }
  try {
    return res.json({ total: total(lines, compile(formula)) });
  } catch (error) {
    return res.status(422).json({ error: 'formula could not be applied' });
  }
});

app.listen(3000);
