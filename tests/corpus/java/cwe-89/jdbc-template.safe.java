package com.acme.api;

import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class A02JdbcTemplate {
    private static final Map<String, String> SORT = Map.of("name", "name", "price", "unit_price");
    private final JdbcTemplate jdbc;

    public A02JdbcTemplate(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @GetMapping("/products")
    public List<Map<String, Object>> products(@RequestParam String category,
                                              @RequestParam(defaultValue = "name") String sort) {
        String column = SORT.getOrDefault(sort, "name");
        String sql = String.format("SELECT id, name FROM product WHERE category = ? ORDER BY %s", column);
        return jdbc.queryForList(sql, category);
    }
}
