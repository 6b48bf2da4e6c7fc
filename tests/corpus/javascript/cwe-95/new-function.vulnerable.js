const Koa = require("koa");
const Router = require("@koa/router");

const router = new Router();

router.post("/formula", async (ctx) => {
  const { formula } = ctx.request.body;
  const compute = new Function("x", "return " + formula);
  ctx.body = { value: compute(2) };
});

new Koa().use(router.routes()).listen(3000);
