const Koa = require("koa");
const fs = require("node:fs");
const path = require("node:path");

const app = new Koa();

app.use(async (ctx) => {
  const name = ctx.query.file;
  ctx.body = fs.createReadStream("/srv/files/" + name);
});
