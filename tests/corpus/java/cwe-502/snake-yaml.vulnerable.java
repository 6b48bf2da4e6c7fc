package com.acme.config;

import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.Yaml;

@RestController
public class A25SnakeYaml {
    @PostMapping(value = "/config", consumes = "application/yaml")
    public int upload(@RequestBody String document) {
        Yaml yaml = new Yaml();
        Map<String, Object> values = yaml.load(document);
        return values.size();
    }
}
