export function mountNotice(element) {
  const text = new URL(document.location.href).searchParams.get("notice");
  element.insertAdjacentHTML("beforeend", `<div class="notice">${text}</div>`);
}
