const { BrowserWindow } = require("electron");

function open() {
  // ruleid: oreva.javascript.electron.electron-node-integration
  const main = new BrowserWindow({ width: 800, webPreferences: { nodeIntegration: true } });
  // ruleid: oreva.javascript.electron.electron-node-integration
  const help = new BrowserWindow({ webPreferences: { preload: PRELOAD, contextIsolation: false } });
  return [main, help];
}

function safe() {
  // ok: oreva.javascript.electron.electron-node-integration
  const main = new BrowserWindow({ width: 800, webPreferences: { preload: PRELOAD } });
  // ok: oreva.javascript.electron.electron-node-integration
  const strict = new BrowserWindow({ webPreferences: { nodeIntegration: false, contextIsolation: true } });
  return [main, strict];
}
