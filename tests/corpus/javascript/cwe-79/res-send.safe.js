const express = require('express');
const escapeHtml = require('escape-html');
const app = express();

function layout(title, body) {
  return '<html><head><title>' + title + '</title></head><body>' + body + '</body></html>';
}

app.get('/search', (req, res) => {
  const q = escapeHtml(req.query.q || '');
  const page = layout('Search', `<p>You searched for <b>${q}</b></p>`);
  res.status(200).send(page);
});
