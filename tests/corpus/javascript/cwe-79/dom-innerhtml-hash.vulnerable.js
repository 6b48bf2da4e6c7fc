function showTab() {
  const tab = decodeURIComponent(window.location.hash.slice(1));
  const title = document.getElementById("title");
  title.innerHTML = "<b>" + tab + "</b>";
}

window.addEventListener("hashchange", showTab);
