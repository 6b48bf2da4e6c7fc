function showTab() {
  const params = new URLSearchParams(window.location.search);
  const tab = params.get('tab') || 'overview';
  const title = document.querySelector('#tab-title');
  const span = document.createElement('span');
  span.className = 'tab';
  span.textContent = tab;
  title.append(span);
}

window.addEventListener('load', showTab);
