package com.acme.api;

import java.util.List;
import javax.persistence.EntityManager;
import javax.persistence.PersistenceContext;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;

@Controller
public class A03JpaSearch {
    @PersistenceContext
    private EntityManager em;

    @RequestMapping("/users/{role}")
    @ResponseBody
    public List<?> byRole(@PathVariable("role") String role) {
        String jpql = "select u from User u where u.role = '" + role + "'";
        return em.createQuery(jpql).setMaxResults(50).getResultList();
    }
}
