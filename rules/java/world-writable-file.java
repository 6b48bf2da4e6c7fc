import java.io.File;
import java.nio.file.attribute.*;

class Spool {
    void a(File file) {
        // ruleid: oreva.java.file-permissions.world-writable-file
        file.setWritable(true, false);
        // ruleid: oreva.java.file-permissions.world-writable-file
        PosixFilePermissions.fromString("rw-rw-rw-");
        // ok: oreva.java.file-permissions.world-writable-file
        file.setWritable(true, true);
        // ok: oreva.java.file-permissions.world-writable-file
        PosixFilePermissions.fromString("rw-r-----");
    }
}
