const { BrowserWindow } = require("electron");

// ruleid: oreva.javascript.electron.web-security-off
new BrowserWindow({ width: 800, webPreferences: { webSecurity: false } });
// ruleid: oreva.javascript.electron.web-security-off
new BrowserWindow({ webPreferences: { contextIsolation: false } });
// ok: oreva.javascript.electron.web-security-off
new BrowserWindow({ webPreferences: { contextIsolation: true, sandbox: true } });
// ok: oreva.javascript.electron.web-security-off
new BrowserWindow({ width: 800 });
