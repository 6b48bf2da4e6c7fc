import axios from "axios";
import { NextRequest, NextResponse } from "next/server";

export async function GET(request: NextRequest) {
  const target = request.nextUrl.searchParams.get("target") ?? "";
  const answer = await axios.get("https://status.example.com/v1", { params: { target } });
  return NextResponse.json(answer.data);
}
