const app = require("express")();
const ldap = require("ldapjs");

app.post("/a", (req, res) => {
  // ruleid: oreva.javascript.ldap-injection.ldap-filter-taint
  client.search("ou=people", { filter: "(uid=" + req.body.user + ")", scope: "sub" }, done);
});

app.post("/b", (req, res) => {
  const filter = `(&(uid=${req.body.user})(active=1))`;
  const options = { filter, scope: "sub" };
  // ruleid: oreva.javascript.ldap-injection.ldap-filter-taint
  client.search("ou=people", { scope: "sub", filter: filter }, done);
});

app.post("/c", (req, res) => {
  // ok: oreva.javascript.ldap-injection.ldap-filter-taint
  client.search("ou=people", { filter: new ldap.EqualityFilter({ attribute: "uid", value: req.body.user }) }, done);
});

app.post("/d", (req, res) => {
  // ok: oreva.javascript.ldap-injection.ldap-filter-taint
  client.search("ou=people", { filter: "(uid=" + escapeFilter(req.body.user) + ")" }, done);
});

app.post("/e", (req, res) => {
  const filter = new ldap.EqualityFilter({ attribute: "cn", value: req.body.name });
  // ok: oreva.javascript.ldap-injection.ldap-filter-taint
  client.search("ou=people", { filter: filter, scope: "sub" }, done);
});
