const fs = require("fs");
const path = require("path");
const unzipper = require("unzipper");

function install(stream, folder) {
  stream.pipe(unzipper.Parse()).on("entry", (entry) => {
    // ruleid: oreva.javascript.archive.archive-entry-path
    entry.pipe(fs.createWriteStream(path.join(folder, entry.path)));
  });
}

function all(entries, folder) {
  for (const entry of entries) {
    const target = folder + "/" + entry.entryName;
    // ruleid: oreva.javascript.archive.archive-entry-path
    fs.writeFileSync(target, entry.getData());
  }
}

function checked(entry, folder) {
  const target = path.resolve(folder, entry.path);
  if (!target.startsWith(folder + path.sep)) {
    throw new Error("entry leaves the folder");
  }
  // ok: oreva.javascript.archive.archive-entry-path
  entry.pipe(fs.createWriteStream(target));
}

function flat(entry, folder) {
  // ok: oreva.javascript.archive.archive-entry-path
  entry.pipe(fs.createWriteStream(path.join(folder, path.basename(entry.path))));
}
