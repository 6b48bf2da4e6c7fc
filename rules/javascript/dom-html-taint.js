const output = document.getElementById("output");

function greet() {
  const name = new URLSearchParams(window.location.search).get("name");
  // ruleid: oreva.javascript.xss.dom-html-taint
  output.innerHTML = "<b>Hello " + name + "</b>";
}

function tab() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  // ruleid: oreva.javascript.xss.dom-html-taint
  $("#tab").html("<h2>" + wanted + "</h2>");
  // ruleid: oreva.javascript.xss.dom-html-taint
  document.write(`<a href="${document.referrer}">back</a>`);
}

window.addEventListener("message", (event) => {
  // ruleid: oreva.javascript.xss.dom-html-taint
  output.insertAdjacentHTML("beforeend", event.data.html);
});

function safe() {
  const name = new URLSearchParams(window.location.search).get("name");
  // ok: oreva.javascript.xss.dom-html-taint
  output.textContent = name;
  // ok: oreva.javascript.xss.dom-html-taint
  output.innerHTML = DOMPurify.sanitize(name);
  // ok: oreva.javascript.xss.dom-html-taint
  output.innerHTML = "<b>" + escapeHtml(name) + "</b>";
  // ok: oreva.javascript.xss.dom-html-taint
  output.innerHTML = "<p>Ready</p>";
  // ok: oreva.javascript.xss.dom-html-taint
  $("#page").html("Page " + parseInt(location.hash.slice(1), 10));
}

function asText() {
  const message = new URLSearchParams(window.location.search).get("message");
  // ok: oreva.javascript.xss.dom-html-taint
  $("#messages").append($("<p>").text(message));
}
