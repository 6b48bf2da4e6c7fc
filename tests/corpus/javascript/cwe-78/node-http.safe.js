const http = require('http');
const url = require('url');
const cp = require('child_process');

const server = http.createServer((request, response) => {
  const { pathname, query } = url.parse(request.url, true);
  if (pathname !== '/whois' || !/^[a-z0-9][a-z0-9.-]{1,60}$/.test(query.domain)) {
    response.writeHead(404).end();
    return;
  }
  const output = cp.execFileSync('whois', [query.domain]).toString();
  response.setHeader('Content-Type', 'text/plain');
  response.end(output);
});

server.listen(8080);
