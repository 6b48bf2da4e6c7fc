import java.io.File;
import java.io.IOException;
import java.util.UUID;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.multipart.MultipartFile;

@RestController
class PhotoController {
    @PostMapping("/photos")
    void photos(@RequestParam("photo") MultipartFile photo) throws IOException {
        File target = new File("/srv/photos", photo.getOriginalFilename());
        photo.transferTo(target);
    }
}
