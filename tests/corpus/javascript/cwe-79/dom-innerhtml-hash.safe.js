function showTab() {
  const tab = decodeURIComponent(window.location.hash.slice(1));
  const title = document.getElementById("title");
  title.textContent = tab;
}

window.addEventListener("hashchange", showTab);
