package com.acme.api;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class A29QueryBuilder {
    private static final List<String> COLUMNS = List.of("site", "owner");
    private final EntityManager entityManager;

    public A29QueryBuilder(EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    @GetMapping("/search")
    public List<?> search(@RequestParam Map<String, String> filters) {
        List<String> parts = new ArrayList<>(List.of("1 = 1"));
        for (String column : COLUMNS) {
            if (filters.containsKey(column)) {
                parts.add(column + " = :" + column);
            }
        }
        Query query = entityManager.createNativeQuery("select * from asset where " + String.join(" and ", parts));
        for (String column : COLUMNS) {
            if (filters.containsKey(column)) {
                query.setParameter(column, filters.get(column));
            }
        }
        return query.getResultList();
    }
}
