const http = require("http");

http
  .createServer((req, res) => {
    const url = new URL(req.url, "http://localhost");
    const parts = ["<ul>"];
    for (const tag of url.searchParams.getAll("tag")) {
      parts.push("<li>" + encodeURIComponent(tag) + "</li>");
    }
    res.writeHead(200, { "content-type": "text/html" });
    res.end(parts.join(""));
  })
  .listen(8080);
