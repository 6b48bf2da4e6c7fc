import Fastify, { FastifyRequest } from 'fastify';
import axios from 'axios';

const app = Fastify();

interface ImportBody {
  feed: string;
  name: string;
}

function normalise(feed: string): string {
  return feed.replace(/^webcal:/, 'https:');
}

class CalendarImporter {
  async load(feed: string): Promise<string[]> {
    const { data } = await axios.get<string>(feed, { timeout: 5000, responseType: 'text' });
    return data.split('\n').filter((line) => line.startsWith('SUMMARY:'));
  }
}

const importer = new CalendarImporter();

app.post('/calendars', async (request: FastifyRequest<{ Body: ImportBody }>, reply) => {
  const { feed, name } = request.body;
  if (!feed || !name) {
    return reply.code(400).send({ error: 'feed and name are required' });
  }
  const events = await importer.load(normalise(feed));
  return { name, events: events.length };
});

app.listen({ port: 3000 });
