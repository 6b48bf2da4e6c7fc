function showMessage() {
  const params = new URLSearchParams(window.location.search);
  const message = params.get("message");
  $("#messages").append("<p>" + message + "</p>");
}

$(showMessage);
