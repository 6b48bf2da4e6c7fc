const express = require('express');

const app = express();
app.use(express.json());

const preferences = new Map();

function load(userId) {
  if (!preferences.has(userId)) {
    preferences.set(userId, { theme: {}, mail: {} });
  }
  return preferences.get(userId);
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

function assign(target, dotted, value) {
  const keys = dotted.split('.');
  if (keys.some((key) => FORBIDDEN.has(key))) {
    throw new RangeError('invalid preference');
  }
  const last = keys.pop();
  let node = target;
  for (const key of keys) {
    if (typeof node[key] !== 'object') {
      node[key] = {};
    }
    node = node[key];
  }
  node[last] = value;
}

app.patch('/users/:id/preferences', (req, res) => {
  const settings = load(req.params.id);
  for (const { path, value } of req.body.changes || []) {
    assign(settings, String(path), value);
  }
  res.json(settings);
});

app.listen(3000);
