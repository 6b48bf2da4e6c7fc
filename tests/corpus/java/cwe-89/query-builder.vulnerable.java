package com.acme.api;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class A29QueryBuilder {
    private final EntityManager entityManager;

    public A29QueryBuilder(EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    private static String where(Map<String, String> filters) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            parts.add(filter.getKey() + " = '" + filter.getValue() + "'");
        }
        return String.join(" and ", parts);
    }

    @GetMapping("/search")
    public List<?> search(@RequestParam Map<String, String> filters) {
        String sql = "select * from asset where " + where(filters);
        return entityManager.createNativeQuery(sql).getResultList();
    }
}
