import org.bson.Document;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.web.bind.annotation.*;

@RestController
class Notes {
    @GetMapping("/a")
    Object a(@RequestParam String owner) {
        // ruleid: oreva.java.nosql-injection.mongo-query-taint
        return notes.find(Document.parse("{owner: '" + owner + "'}"));
    }

    @GetMapping("/b")
    Object b(@RequestParam String owner) {
        // ruleid: oreva.java.nosql-injection.mongo-query-taint
        return template.find(new BasicQuery("{owner: '" + owner + "'}"), Note.class);
    }

    @GetMapping("/c")
    Object c(@RequestParam String owner) {
        // ok: oreva.java.nosql-injection.mongo-query-taint
        return notes.find(Filters.eq("owner", owner));
    }

    @GetMapping("/d")
    Object d(@RequestParam String owner) {
        // ok: oreva.java.nosql-injection.mongo-query-taint
        return notes.find(new Document("owner", owner));
    }
}
