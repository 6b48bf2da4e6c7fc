function showTab() {
  const params = new URLSearchParams(window.location.search);
  const tab = params.get('tab') || 'overview';
  const title = document.querySelector('#tab-title');
  title.insertAdjacentHTML('beforeend', '<span class="tab">' + tab + '</span>');
}

window.addEventListener('load', showTab);
