const express = require('express');
const { searchArticles } = require('./articles');

const app = express();

function layout(title, content) {
  return `<!doctype html><html><head><title>${title}</title></head><body>${content}</body></html>`;
}

function summary(term, count) {
  return `<p>${count} results for <em>${term}</em></p>`;
}

app.get('/articles', async (req, res, next) => {
  const term = String(req.query.q || '').trim();
  if (term.length > 100) {
    return res.status(400).send('query too long');
  }
  try {
    const count = (await searchArticles(term)).length;
    const page = layout('Search', summary(term, count));
    return res.type('html').send(page);
  } catch (error) {
    return next(error);
  }
});

app.listen(process.env.PORT || 3000);
