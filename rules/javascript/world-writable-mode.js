const fs = require("fs");

function save(path, key) {
  // ruleid: oreva.javascript.file-permissions.world-writable-mode
  fs.chmodSync(path, 0o777);
  // ruleid: oreva.javascript.file-permissions.world-writable-mode
  fs.writeFileSync(path, key, { mode: 0o666 });
  // ok: oreva.javascript.file-permissions.world-writable-mode
  fs.chmodSync(path, 0o600);
  // ok: oreva.javascript.file-permissions.world-writable-mode
  fs.writeFileSync(path, key, { mode: 0o640 });
}
