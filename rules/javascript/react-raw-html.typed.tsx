import DOMPurify from "dompurify";
import { useState } from "react";

type Props = { html: string; items: { id: number; html: string }[] };

export function Typed({ html, items }: Props) {
  return (
    <ul>
      {/* ruleid: oreva.javascript.xss.react-raw-html */}
      <li dangerouslySetInnerHTML={{ __html: html }} />
      {items.map((item) => (
        // ruleid: oreva.javascript.xss.react-raw-html
        <li key={item.id} dangerouslySetInnerHTML={{ __html: item.html }} />
      ))}
      {items.map((item) => (
        // ok: oreva.javascript.xss.react-raw-html
        <li key={item.id} dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(item.html) }} />
      ))}
    </ul>
  );
}

// ruleid: oreva.javascript.xss.react-raw-html
export const Arrow = ({ html }: Props) => <div dangerouslySetInnerHTML={{ __html: html }} />;

export function Post() {
  const { data: post } = useSWR("/post", load);
  const fixed = "<hr>";
  // ok: oreva.javascript.xss.react-raw-html
  const rule = <div dangerouslySetInnerHTML={{ __html: fixed }} />;
  // ruleid: oreva.javascript.xss.react-raw-html
  return <div dangerouslySetInnerHTML={{ __html: post.html }}>{rule}</div>;
}
