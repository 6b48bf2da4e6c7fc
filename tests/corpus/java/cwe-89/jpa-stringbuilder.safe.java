import java.util.List;
import javax.persistence.EntityManager;
import javax.persistence.PersistenceContext;
import javax.persistence.Query;
import org.springframework.web.bind.annotation.*;

@RestController
class CustomerSearch {
    @PersistenceContext
    private EntityManager entityManager;

    @GetMapping("/customers")
    List<?> find(@RequestParam("name") String name) {
        StringBuilder jpql = new StringBuilder("SELECT c FROM Customer c WHERE 1 = 1");
        if (!name.isEmpty()) {
            jpql.append(" AND c.name LIKE :name");
        }
        Query query = entityManager.createQuery(jpql.toString());
        query.setParameter("name", "%" + name + "%");
        return query.getResultList();
    }
}
