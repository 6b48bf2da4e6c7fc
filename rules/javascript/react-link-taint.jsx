import { useSearchParams } from "react-router-dom";

export function Back() {
  const [params] = useSearchParams();
  const target = params.get("back");
  // ruleid: oreva.javascript.xss.react-link-taint
  return <a href={target}>Back</a>;
}

export function Jump() {
  const searchParams = useSearchParams();
  const next = searchParams.get("next");
  // ruleid: oreva.javascript.xss.react-link-taint
  window.location.href = next;
}

export function Fixed() {
  const [params] = useSearchParams();
  // ok: oreva.javascript.xss.react-link-taint
  return <a href={"/orders?page=" + params.get("page")}>Next</a>;
}

export function Encoded() {
  const [params] = useSearchParams();
  // ok: oreva.javascript.xss.react-link-taint
  return <a href={encodeURIComponent(params.get("q"))}>Again</a>;
}
