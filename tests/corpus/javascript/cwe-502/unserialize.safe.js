const express = require('express');
const cookieParser = require('cookie-parser');

const app = express();
app.use(cookieParser());

app.get('/', (req, res) => {
  let prefs = {};
  if (req.cookies.prefs) {
    const raw = Buffer.from(req.cookies.prefs, 'base64').toString();
    prefs = JSON.parse(raw);
  }
  res.render('home', { theme: prefs.theme });
});
