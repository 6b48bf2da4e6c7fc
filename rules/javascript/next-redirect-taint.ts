import { redirect } from "next/navigation";
import { NextRequest, NextResponse } from "next/server";

export async function GET(request: NextRequest) {
  const next = request.nextUrl.searchParams.get("next") ?? "/";
  // ruleid: oreva.javascript.open-redirect.next-redirect-taint
  return NextResponse.redirect(next);
}

export async function login(form: FormData) {
  const back = form.get("back") as string;
  // ruleid: oreva.javascript.open-redirect.next-redirect-taint
  redirect(back);
}

export async function POST(request: NextRequest) {
  const next = request.nextUrl.searchParams.get("next") ?? "/";
  if (!next.startsWith("/") || next.startsWith("//")) {
    return NextResponse.redirect("https://shop.example.com/");
  }
  // ok: oreva.javascript.open-redirect.next-redirect-taint
  return NextResponse.redirect(next);
}

export async function orders(form: FormData) {
  // ok: oreva.javascript.open-redirect.next-redirect-taint
  redirect(`/orders/${form.get("id")}`);
}

export async function half(form: FormData) {
  const next = form.get("next") as string;
  if (next.startsWith("/")) {
    // ruleid: oreva.javascript.open-redirect.next-redirect-taint
    redirect(next);
  }
}

export default async function Page({ searchParams }: { searchParams: Promise<{ next: string }> }) {
  const { next } = await searchParams;
  // ruleid: oreva.javascript.open-redirect.next-redirect-taint
  redirect(next);
}
