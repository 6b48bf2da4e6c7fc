package com.acme.files;

import java.io.File;
import java.io.IOException;
import java.util.UUID;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

@RestController
public class A28Upload {
    private static final String DIR = "/srv/uploads/";

    @PostMapping("/documents")
    public String upload(@RequestParam("file") MultipartFile file) throws IOException {
        String name = UUID.randomUUID() + ".pdf";
        File target = new File(DIR + name);
        file.transferTo(target);
        return "stored";
    }
}
