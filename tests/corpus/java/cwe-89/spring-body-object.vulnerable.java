import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.*;

record Search(String term, int page) {}

@RestController
class SearchController {
    private final JdbcTemplate jdbc;

    SearchController(JdbcTemplate jdbc) { this.jdbc = jdbc; }

    @PostMapping("/search")
    int search(@RequestBody Search search) {
        String term = search.term().trim();
        return jdbc.queryForObject(
            "SELECT count(*) FROM shop WHERE name LIKE '" + term + "%'", Integer.class);
    }
}
