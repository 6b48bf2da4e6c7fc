import java.io.*;
import java.nio.file.*;
import java.util.zip.*;

public class Unpacker {
  void unpack(ZipInputStream in, File target) throws IOException {
    ZipEntry entry;
    while ((entry = in.getNextEntry()) != null) {
      File file = new File(target, entry.getName());
      // ruleid: oreva.java.zip-slip.archive-entry-path
      try (OutputStream out = new FileOutputStream(file)) {
        in.transferTo(out);
      }
    }
  }

  void copy(ZipInputStream in, Path target, ZipEntry entry) throws IOException {
    // ruleid: oreva.java.zip-slip.archive-entry-path
    Files.copy(in, target.resolve(entry.getName()));
  }

  void safe(ZipInputStream in, Path target, ZipEntry entry) throws IOException {
    Path file = target.resolve(entry.getName()).normalize();
    if (!file.startsWith(target)) throw new IOException("outside the target");
    // ok: oreva.java.zip-slip.archive-entry-path
    Files.copy(in, file);
    // ok: oreva.java.zip-slip.archive-entry-path
    Files.copy(in, target.resolve(FilenameUtils.getName(entry.getName())));
  }
}
