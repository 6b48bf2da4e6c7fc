import java.io.StringReader;
import javax.xml.stream.*;
import org.springframework.web.bind.annotation.*;

@RestController
class FeedController {
    @PostMapping("/feed")
    int feed(@RequestBody String xml) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
        return reader.next();
    }
}
