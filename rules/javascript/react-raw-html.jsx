import DOMPurify from "dompurify";
import { useState } from "react";

export function Comment({ comment, author }) {
  return (
    <article>
      {/* ruleid: oreva.javascript.xss.react-raw-html */}
      <div dangerouslySetInnerHTML={{ __html: comment.html }} />
      {/* ok: oreva.javascript.xss.react-raw-html */}
      <p>{comment.text}</p>
      {/* ok: oreva.javascript.xss.react-raw-html */}
      <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(author.bio) }} />
    </article>
  );
}

export const Preview = (props) => {
  const html = "<h1>" + props.title + "</h1>";
  // ruleid: oreva.javascript.xss.react-raw-html
  return <div dangerouslySetInnerHTML={{ __html: html }} />;
};

export function Editor() {
  const [draft, setDraft] = useState("");
  // ruleid: oreva.javascript.xss.react-raw-html
  return <div onInput={setDraft} dangerouslySetInnerHTML={{ __html: draft }} />;
}

export function Theme() {
  const script = "document.documentElement.dataset.theme = 'dark'";
  // ok: oreva.javascript.xss.react-raw-html
  return <script dangerouslySetInnerHTML={{ __html: script }} />;
}

export function Structured({ product }) {
  // ok: oreva.javascript.xss.react-raw-html
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: JSON.stringify(product) }} />;
}
