import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.*;

@RestController
class ReportController {
    private final JdbcTemplate jdbcTemplate;

    ReportController(JdbcTemplate jdbcTemplate) {
        this.jdbcTemplate = jdbcTemplate;
    }

    @GetMapping("/report")
    List<Map<String, Object>> report(@RequestParam String region) {
        String sql = "SELECT * FROM sales WHERE region = ?";
        return jdbcTemplate.queryForList(sql, region);
    }
}
