import { MongoClient, Document, Filter } from 'mongodb';
import { NextRequest, NextResponse } from 'next/server';

const client = new MongoClient(process.env.MONGODB_URI!);

async function orders() {
  await client.connect();
  return client.db('shop').collection('orders');
}

function toFilter(body: any): Filter<Document> {
  const filter: Filter<Document> = { email: { $eq: String(body.email) } };
  if (body.reference) {
    filter.reference = { $eq: String(body.reference) };
  }
  return filter;
}

export async function POST(request: NextRequest) {
  const body = await request.json();
  if (!body.email) {
    return NextResponse.json({ error: 'email is required' }, { status: 400 });
  }
  const collection = await orders();
  const found = await collection.find(toFilter(body)).limit(10).toArray();
  return NextResponse.json(found.map(({ reference, state, total }) => ({ reference, state, total })));
}
