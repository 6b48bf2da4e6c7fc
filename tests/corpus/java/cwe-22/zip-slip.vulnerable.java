import java.io.*;
import java.util.zip.*;

class ThemeInstaller {
    void install(InputStream upload, File target) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(upload)) {
            ZipEntry entry;
            while ((entry = zip.getNextEntry()) != null) {
                File out = new File(target, entry.getName());
                try (OutputStream stream = new FileOutputStream(out)) {
                    zip.transferTo(stream);
                }
            }
        }
    }
}
