import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.*;
import org.springframework.web.bind.annotation.*;

@RestController
class NoteController {
    private MongoTemplate mongo;

    @GetMapping("/notes")
    Object notes(@RequestParam String owner) {
        return mongo.find(Query.query(Criteria.where("owner").is(owner)), Object.class);
    }
}
