const express = require('express');

const app = express();
app.use(express.json());

function compile(formula) {
  return new Function('quantity', 'price', `return (${formula});`);
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
