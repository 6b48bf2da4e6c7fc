import java.io.*;
import java.util.zip.*;

class ThemeInstaller {
    void install(InputStream upload, File target) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(upload)) {
            ZipEntry entry;
            while ((entry = zip.getNextEntry()) != null) {
                File out = new File(target, entry.getName());
                if (!out.getCanonicalPath().startsWith(target.getCanonicalPath() + File.separator)) {
                    throw new IOException("entry leaves the folder: " + entry.getName());
                }
                try (OutputStream stream = new FileOutputStream(out)) {
                    zip.transferTo(stream);
                }
            }
        }
    }
}
