import { Request, Response, Router } from 'express';
import { model, Schema } from 'mongoose';

const Product = model('Product', new Schema({ title: String, sku: String, price: Number }));
export const catalogue = Router();

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function matcher(term: string): RegExp {
  return new RegExp(escapePattern(term.trim()), 'i');
}

function highlight(title: string, pattern: RegExp): string[] {
  return title.split(pattern);
}

catalogue.get('/suggest', async (req: Request, res: Response) => {
  const term = String(req.query.term ?? '');
  if (term.length < 2) {
    res.json([]);
    return;
  }
  const pattern = matcher(term);
  const products = await Product.find().limit(500).lean();
  const hits = products.filter((product) => pattern.test(product.title ?? ''));
  res.json(hits.map((product) => ({ sku: product.sku, parts: highlight(product.title ?? '', pattern) })));
});
