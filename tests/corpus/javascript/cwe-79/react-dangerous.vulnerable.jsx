import React from "react";
import { useSearchParams } from "react-router-dom";
import DOMPurify from "dompurify";

export function Banner() {
  const [params] = useSearchParams();
  const text = params.get("text") ?? "";
  return <div dangerouslySetInnerHTML={{ __html: text }} />;
}
