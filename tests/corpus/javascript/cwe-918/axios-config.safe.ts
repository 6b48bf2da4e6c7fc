import axios from 'axios';
import { Request, Response } from 'express';

const CALLBACKS: Record<string, string> = {
  billing: 'https://billing.internal/hook',
  mail: 'https://mail.internal/hook',
};

export async function forward(req: Request, res: Response) {
  const { target, payload } = req.body;
  const url = Object.hasOwn(CALLBACKS, target) ? CALLBACKS[target] : undefined;
  if (!url) return res.sendStatus(400);
  const response = await axios({ method: 'post', url, data: payload, timeout: 5000 });
  res.status(response.status).end();
}
