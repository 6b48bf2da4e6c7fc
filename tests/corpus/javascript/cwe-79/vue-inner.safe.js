export function mountNotice(element) {
  const text = new URL(document.location.href).searchParams.get("notice");
  element.insertAdjacentText("beforeend", text);
}
