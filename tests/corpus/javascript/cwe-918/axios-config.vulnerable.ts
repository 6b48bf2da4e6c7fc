import axios from 'axios';
import { Request, Response } from 'express';

export async function forward(req: Request, res: Response) {
  const { callbackUrl, payload } = req.body;
  const response = await axios({
    method: 'post',
    url: callbackUrl,
    data: payload,
    timeout: 5000,
  });
  res.status(response.status).end();
}
