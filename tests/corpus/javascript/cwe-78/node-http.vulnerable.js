const http = require('http');
const url = require('url');
const cp = require('child_process');

const server = http.createServer((request, response) => {
  const { pathname, query } = url.parse(request.url, true);
  if (pathname !== '/whois') {
    response.writeHead(404).end();
    return;
  }
  const output = cp.execSync('whois ' + query.domain).toString();
  response.setHeader('Content-Type', 'text/plain');
  response.end(output);
});

server.listen(8080);
