import type { NextApiRequest, NextApiResponse } from 'next';

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  const target = Array.isArray(req.query.url) ? req.query.url[0] : req.query.url;
  if (!target) {
    return res.status(400).json({ error: 'url is required' });
  }
  const upstream = await fetch(target, { headers: { 'user-agent': 'preview-bot' } });
  const html = await upstream.text();
  const title = /<title>(.*?)<\/title>/.exec(html)?.[1] ?? '';
  return res.status(200).json({ title });
}
