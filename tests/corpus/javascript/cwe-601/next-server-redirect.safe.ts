import { redirect } from "next/navigation";

export async function finish(form: FormData) {
  const target = form.get("target") as string;
  redirect(target === "orders" ? "/orders" : "/");
}
