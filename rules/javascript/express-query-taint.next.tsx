import { cookies } from "next/headers";
import { prisma } from "./prisma";

export default async function Page({ params, searchParams }: { params: Promise<{ slug: string }>; searchParams: { q: string } }) {
  const { slug } = await params;
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  const rows = await prisma.$queryRawUnsafe(`SELECT * FROM post WHERE slug = '${slug}'`);
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  const more = await prisma.$queryRawUnsafe(`SELECT * FROM post WHERE title = '${searchParams.q}'`);
  // ok: oreva.javascript.sql-injection.express-query-taint
  const safe = await prisma.$queryRaw`SELECT * FROM post WHERE slug = ${slug}`;
  return <pre>{JSON.stringify([rows, more, safe])}</pre>;
}

export async function GET(request: Request, { params }: { params: { id: string } }) {
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  return Response.json(await prisma.$queryRawUnsafe(`SELECT * FROM post WHERE id = ${params.id}`));
}

export async function search(form: FormData) {
  const term = form.get("term") as string;
  // ruleid: oreva.javascript.sql-injection.express-query-taint
  return prisma.$queryRawUnsafe(`SELECT * FROM post WHERE title ILIKE '%${term}%'`);
}

async function page({ params, limit }: { params: string[]; limit: number }) {
  // ok: oreva.javascript.sql-injection.express-query-taint
  return prisma.$queryRawUnsafe(`SELECT * FROM post WHERE id IN (${params.length}) LIMIT ${limit}`);
}
