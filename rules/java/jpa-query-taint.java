import javax.persistence.*;
import org.springframework.web.bind.annotation.*;

@RestController
public class OrderSearch {
  private EntityManager entityManager;
  private Session session;

  @GetMapping("/orders/{owner}")
  public Object find(@PathVariable String owner, @RequestParam(name = "q", required = false) String q) {
    // ruleid: oreva.java.sql-injection.jpa-query-taint
    TypedQuery<Order> query = entityManager.createQuery("SELECT o FROM Order o WHERE o.owner = '" + owner + "'", Order.class);
    // ruleid: oreva.java.sql-injection.jpa-query-taint
    return entityManager.createNativeQuery(String.format("SELECT * FROM orders WHERE text LIKE '%%%s%%'", q)).getResultList();
  }

  @PostMapping("/orders/search")
  public Object search(@RequestBody OrderFilter filter) {
    StringBuilder hql = new StringBuilder("from Order where 1 = 1");
    hql.append(" and city = '" + filter.getCity() + "'");
    // ruleid: oreva.java.sql-injection.jpa-query-taint
    return session.createQuery(hql.toString()).list();
  }

  @GetMapping("/safe/{owner}")
  public Object safe(@PathVariable String owner, @PathVariable Long id) {
    // ok: oreva.java.sql-injection.jpa-query-taint
    Object one = entityManager.createQuery("SELECT o FROM Order o WHERE o.owner = :owner").setParameter("owner", owner).getResultList();
    // ok: oreva.java.sql-injection.jpa-query-taint
    Object two = entityManager.createQuery("SELECT o FROM Order o WHERE o.id = " + id).getSingleResult();
    CriteriaBuilder builder = entityManager.getCriteriaBuilder();
    // ok: oreva.java.sql-injection.jpa-query-taint
    return entityManager.createQuery(builder.createQuery(Order.class)).getResultList();
  }
}
