import { NextRequest, NextResponse } from "next/server";
import { prisma } from "@/lib/prisma";

export async function POST(request: NextRequest) {
  const { name } = await request.json();
  const rows = await prisma.$queryRaw`SELECT id FROM "User" WHERE name = ${name}`;
  return NextResponse.json(rows);
}
