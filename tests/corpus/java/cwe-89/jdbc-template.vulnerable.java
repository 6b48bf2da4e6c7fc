package com.acme.api;

import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class A02JdbcTemplate {
    private final JdbcTemplate jdbc;

    public A02JdbcTemplate(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @GetMapping("/products")
    public List<Map<String, Object>> products(@RequestParam String category,
                                              @RequestParam(defaultValue = "name") String sort) {
        String sql = String.format("SELECT id, name FROM product WHERE category = ? ORDER BY %s", sort);
        return jdbc.queryForList(sql, category);
    }
}
