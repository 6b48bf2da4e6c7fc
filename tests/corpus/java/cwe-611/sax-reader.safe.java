import java.io.StringReader;
import javax.xml.stream.*;
import org.springframework.web.bind.annotation.*;

@RestController
class FeedController {
    @PostMapping("/feed")
    int feed(@RequestBody String xml) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
        return reader.next();
    }
}
