import java.io.File;
import java.nio.file.*;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.multipart.MultipartFile;

@RestController
class Uploads {
    private static final Path FOLDER = Path.of("/srv/uploads");

    @PostMapping("/a")
    void a(@RequestParam MultipartFile file) throws Exception {
        // ruleid: oreva.java.file-upload.upload-name-path
        file.transferTo(new File("/srv/uploads/" + file.getOriginalFilename()));
    }

    @PostMapping("/b")
    void b(@RequestParam MultipartFile file) throws Exception {
        String name = file.getOriginalFilename();
        // ruleid: oreva.java.file-upload.upload-name-path
        Files.copy(file.getInputStream(), FOLDER.resolve(name));
    }

    @PostMapping("/c")
    void c(@RequestParam MultipartFile file) throws Exception {
        // ok: oreva.java.file-upload.upload-name-path
        Files.copy(file.getInputStream(), FOLDER.resolve(FilenameUtils.getName(file.getOriginalFilename())));
    }

    @PostMapping("/d")
    void d(@RequestParam MultipartFile file) throws Exception {
        String name = file.getOriginalFilename();
        // ok: oreva.java.file-upload.upload-name-path
        Files.copy(file.getInputStream(), FOLDER.resolve(java.util.UUID.randomUUID() + ".bin"));
    }
}
