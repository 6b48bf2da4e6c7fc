const Koa = require('koa');
const Router = require('@koa/router');
const { koaBody } = require('koa-body');
const mongoose = require('mongoose');

const Voucher = mongoose.model(
  'Voucher',
  new mongoose.Schema({ code: mongoose.Mixed, pin: mongoose.Mixed, value: Number, used: Boolean })
);

function criteria(body) {
  const { code, pin } = body;
  return { code, pin, used: false };
}

const router = new Router();

router.post('/vouchers/redeem', async (ctx) => {
  const voucher = await Voucher.findOne(criteria(ctx.request.body || {}));
  if (!voucher) {
    ctx.status = 404;
    ctx.body = { error: 'voucher is not valid' };
    return;
  }
  voucher.used = true;
  await voucher.save();
  ctx.body = { value: voucher.value };
});

const app = new Koa();
app.use(koaBody());
app.use(router.routes());
app.listen(3000);
