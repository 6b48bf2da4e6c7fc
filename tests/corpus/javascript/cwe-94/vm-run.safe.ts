import vm from "node:vm";
import Fastify from "fastify";

const app = Fastify();

app.post("/rules", async (request, reply) => {
  const { condition } = request.body as { condition: string };
  const allowed = condition === "adult" && vm.runInNewContext("age >= 18", { age: 18 });
  return { allowed };
});
