import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.*;
import org.springframework.web.bind.annotation.*;

@RestController
class NoteController {
    private MongoTemplate mongo;

    @GetMapping("/notes")
    Object notes(@RequestParam String owner) {
        String json = String.format("{ \"owner\": \"%s\" }", owner);
        return mongo.find(new BasicQuery(json), Object.class);
    }
}
