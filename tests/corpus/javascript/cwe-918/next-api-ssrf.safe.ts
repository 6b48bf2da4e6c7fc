import type { NextApiRequest, NextApiResponse } from 'next';

const ALLOWED_HOSTS = new Set(['blog.example.com', 'docs.example.com']);

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  const target = Array.isArray(req.query.url) ? req.query.url[0] : req.query.url;
  if (!target) {
    return res.status(400).json({ error: 'url is required' });
  }
  const parsed = new URL(target);
  if (parsed.protocol !== 'https:' || !ALLOWED_HOSTS.has(parsed.hostname)) {
    return res.status(400).json({ error: 'host not allowed' });
  }
  const upstream = await fetch(parsed, { headers: { 'user-agent': 'preview-bot' } });
  const html = await upstream.text();
  const title = /<title>(.*?)<\/title>/.exec(html)?.[1] ?? '';
  return res.status(200).json({ title });
}
