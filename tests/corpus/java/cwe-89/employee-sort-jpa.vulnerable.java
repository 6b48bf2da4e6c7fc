package com.example.hr;

import java.util.List;
import java.util.Map;
import javax.persistence.EntityManager;
import javax.persistence.PersistenceContext;
import org.springframework.stereotype.Repository;
import org.springframework.web.bind.annotation.*;

@RestController
@RequestMapping("/employees")
class EmployeeController {
    private final EmployeeRepository employees;

    EmployeeController(EmployeeRepository employees) {
        this.employees = employees;
    }

    @GetMapping
    List<Employee> list(@RequestParam String office, @RequestParam(defaultValue = "name") String sort) {
        return employees.inOffice(office, sort);
    }
}

@Repository
class EmployeeRepository {
    @PersistenceContext
    private EntityManager entityManager;

    List<Employee> inOffice(String office, String sort) {
        String jpql = String.format("SELECT e FROM Employee e WHERE e.office = :office ORDER BY e.%s", sort);
        return entityManager.createQuery(jpql, Employee.class)
                .setParameter("office", office)
                .setMaxResults(100)
                .getResultList();
    }
}
