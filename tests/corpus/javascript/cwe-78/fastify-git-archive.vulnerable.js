import Fastify from 'fastify';
import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import path from 'node:path';

const run = promisify(exec);
const REPOSITORIES = '/srv/git';
const app = Fastify({ logger: true });

async function archive(project, branch) {
  const directory = path.join(REPOSITORIES, `${project}.git`);
  const command = ['git', '-C', directory, 'archive', '--format=tar', branch].join(' ');
  const { stdout } = await run(command, { encoding: 'buffer', maxBuffer: 50e6 });
  return stdout;
}

app.get('/projects/:project/archive', {
  schema: {
    params: { type: 'object', properties: { project: { type: 'string', pattern: '^[a-z0-9-]+$' } } },
    querystring: { type: 'object', properties: { branch: { type: 'string', default: 'main' } } },
  },
}, async (request, reply) => {
  const tar = await archive(request.params.project, request.query.branch);
  reply.type('application/x-tar').send(tar);
});

await app.listen({ port: 8080 });
