'use server';

import { prisma } from '@/lib/prisma';

export async function searchArticles(formData: FormData) {
  const term = formData.get('term') as string;
  return prisma.$queryRawUnsafe(`SELECT id, title FROM "Article" WHERE title ILIKE '%${term}%'`);
}
