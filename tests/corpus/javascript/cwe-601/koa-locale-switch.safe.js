const Koa = require('koa');
const Router = require('@koa/router');

const LOCALES = ['en', 'de', 'fr'];
const router = new Router();

function backTo(ctx) {
  const { from } = ctx.query;
  if (typeof from !== 'string' || from === '') {
    return '/';
  }
  const url = new URL(from, 'https://shop.example.com');
  return url.origin === 'https://shop.example.com' ? url.href : '/';
}

router.get('/locale/:locale', async (ctx) => {
  const { locale } = ctx.params;
  if (!LOCALES.includes(locale)) {
    ctx.throw(404);
  }
  ctx.cookies.set('locale', locale, { httpOnly: true, sameSite: 'lax', secure: true });
  ctx.status = 303;
  ctx.redirect(backTo(ctx));
});

const app = new Koa();
app.proxy = true;
app.use(router.routes()).use(router.allowedMethods());
app.listen(3000);
