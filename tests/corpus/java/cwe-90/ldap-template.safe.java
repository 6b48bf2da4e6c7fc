import javax.servlet.http.HttpServletRequest;
import org.springframework.ldap.core.LdapTemplate;
import org.springframework.ldap.query.LdapQueryBuilder;
import org.springframework.web.bind.annotation.*;

@RestController
class PeopleController {
    private LdapTemplate ldapTemplate;

    @GetMapping("/people")
    Object people(@RequestParam String name) {
        return ldapTemplate.search(LdapQueryBuilder.query().where("cn").is(name), (Object attributes) -> attributes);
    }
}
