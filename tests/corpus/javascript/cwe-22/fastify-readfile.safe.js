import { readFile } from "node:fs/promises";
import path from "node:path";
import Fastify from "fastify";

const app = Fastify();

app.get("/notes/:name", async (request, reply) => {
  const file = path.resolve("/srv/notes", path.basename(request.params.name));
  return reply.type("text/plain").send(await readFile(file, "utf8"));
});
