'use server';

import { prisma } from '@/lib/prisma';

export async function searchArticles(formData: FormData) {
  const term = formData.get('term') as string;
  const like = `%${term}%`;
  return prisma.$queryRaw`SELECT id, title FROM "Article" WHERE title ILIKE ${like}`;
}
